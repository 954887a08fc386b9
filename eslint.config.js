'use strict';

const tseslint = require('typescript-eslint');

/** A statement put together from values: people's input stays out of SQL. Constants may be shared between statements. */
const SQL_FROM_VALUES = ['query', 'where', 'andWhere', 'orWhere', 'having', 'orderBy', 'addOrderBy'].map((method) => ({
  selector:
    `CallExpression[callee.property.name='${method}'] > TemplateLiteral.arguments:first-child` +
    ' > .expressions:not(Identifier[name=/^[A-Z][A-Z0-9_]*$/])',
  message: 'Pass values as parameters; only constants may be put into SQL.',
}));

const DAYS_OF_A_MACHINE = [
  "CallExpression[callee.property.name=/^(slice|substring|substr|split)$/][callee.object.callee.property.name='toISOString']",
  'CallExpression[callee.property.name=/^(getDate|getDay|getHours|getMonth|getUTCDate|getUTCDay|getUTCHours|getUTCMonth|setHours|setUTCHours|setDate|setUTCDate|toDateString|toLocaleDateString|toLocaleTimeString)$/]',
  'TemplateElement[value.raw=/at time zone .(utc|etc)|current_date|current_time|localtime|now\\(\\)::date|now_ms\\(\\)::date/i]',
  'Literal[value=/at time zone .(utc|etc)|current_date|now\\(\\)::date/i]',
].map((selector) => ({
  selector,
  message: "A day is the program's: dayOf and startOfDay of kernel/day.ts, or `at time zone $n` with its time zone.",
}));

module.exports = tseslint.config(
  { ignores: ['dist', 'data', 'coverage', 'node_modules', 'templates/assets'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Decorator metadata needs real imports of injected classes; the rule knows and leaves those alone.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-syntax': ['error', ...SQL_FROM_VALUES, ...DAYS_OF_A_MACHINE],
      // Whoever implements an asynchronous interface need not have something to wait for.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Here days are made out of moments.
    files: ['modules/kernel/day.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SQL_FROM_VALUES] },
  },
  {
    // These talk to the person at the terminal.
    files: [
      'src/main.ts',
      'src/migrate.ts',
      'src/create-admin.ts',
      'src/command.ts',
      'src/database/open-database.ts',
      'bench/**',
      '**/*.command.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Tests build names of databases and read answers of any shape.
    files: ['test/**', 'bench/**', 'modules/testing/**'],
    rules: {
      'no-restricted-syntax': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    // One statement, however long it is.
    files: ['migrations/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
);
