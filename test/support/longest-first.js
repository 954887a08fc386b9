// So that two workers end together: what takes longest begins first. Jest knows the times of an earlier run, a fresh clone none.
'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = [
  'faults/processes',
  'package/package',
  'browser/journeys',
  'commissions.model',
  'browser/pages',
  'abuse/input',
  'faults/disk',
  'abuse/access',
  'database/embedded-postgres',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`));
    const sorted = super.sort(tests);
    const long = sorted.filter((test) => place(test) >= 0).sort((a, b) => place(a) - place(b));
    return [...long, ...sorted.filter((test) => place(test) < 0)];
  }
};
