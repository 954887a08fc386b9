// `npm run test:versions`: the fast tests on the other supported lines of Node, fetched from the registry. Where that
// has none it says so.
'use strict';

const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const jest = join(__dirname, '../node_modules/jest/bin/jest.js');
const shell = process.platform === 'win32';

for (const line of ['22', '24']) {
  const node = ['--yes', '--package', `node@${line}`, 'node'];
  const { status, stdout } = spawnSync('npx', [...node, '--version'], { encoding: 'utf8', shell });
  if (status !== 0 || !stdout.startsWith(`v${line}.`)) {
    console.log(`Node ${line} cannot be fetched: the tests do not run on it.`);
    continue;
  }
  console.log(`Node ${stdout.trim()}`);
  const tests = spawnSync('npx', [...node, jest, '--selectProjects', 'rooms', ...process.argv.slice(2)], {
    stdio: 'inherit',
    shell,
  });
  if (tests.status !== 0) process.exitCode = 1;
}
