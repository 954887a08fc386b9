// `node -r ./test/support/compile.js some.ts`: runs TypeScript in a process of its own, for tests that kill one.
'use strict';

const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
const { projects } = require('../../jest.config.js');

const [, options] = projects[0].transform['^.+\\.ts$'];

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename, swcrc: false });
  module._compile(code, filename);
};
