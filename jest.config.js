'use strict';

/** What crosses the rooms, starts whole programs or takes long; everything else is `npm run test:fast`. */
const WHOLE = [
  '**/test/{abuse,browser,faults,flows,package,scripts}/**/*.test.ts',
  '**/test/src/database/embedded-postgres.test.ts',
  '**/*.model.test.ts',
];

/** @type {import('jest').Config} */
const shared = {
  testEnvironment: '<rootDir>/test/support/shared-environment.js',
  runtime: '<rootDir>/test/support/shared-runtime.js',
  roots: ['<rootDir>/test'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2022',
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...shared, displayName: 'rooms', testMatch: ['**/*.test.ts', ...WHOLE.map((glob) => `!${glob}`)] },
    { ...shared, displayName: 'whole', testMatch: WHOLE },
  ],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  maxWorkers: 2,
  testTimeout: 30_000,
};
