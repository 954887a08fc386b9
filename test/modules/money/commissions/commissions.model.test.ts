import { Dice } from '../../../support/model/dice';
import { ProgramModel } from '../../../support/model/program-model';
import type { Climate } from '../../../support/model/program-model';
import { ProgramWorld } from '../../../support/model/program-world';
import { expectIntegrity } from '../../../support/oracle';

const USUAL: Climate = {
  join: 6,
  move: 2,
  standing: 12,
  link: 4,
  plan: 3,
  action: 0.5,
  change: 90,
  deep: 0.3,
  late: 0.1,
};

/** A seed and a climate make a history that can be repeated: what fails once fails always. */
const HISTORIES: [name: string, seed: number, climate: Climate][] = [
  ['a usual year', 1, USUAL],
  ['a chain of partners', 2, { ...USUAL, deep: 0.95 }],
  ['rules in motion', 3, { ...USUAL, move: 8, standing: 30, plan: 8, action: 3 }],
  ['news that travels slowly', 4, { ...USUAL, late: 0.6 }],
  ['a crowd', 5, { ...USUAL, join: 20, deep: 0 }],
  ['contracts and little else', 6, { ...USUAL, join: 1, plan: 1, change: 200 }],
];

/** `MODEL_COMMANDS=100000` makes each history longer, `MODEL_SEED=7` makes it another one. */
const COMMANDS = Number(process.env.MODEL_COMMANDS ?? 3_500);
const SEED = Number(process.env.MODEL_SEED ?? 0);
const CATCH_UP_EVERY = 250;

describe.each(HISTORIES)('the program over %s', (_, seed, climate) => {
  const dice = new Dice(seed + SEED * 1_000);
  let world: ProgramWorld;
  let again: ProgramWorld;
  let model: ProgramModel;

  beforeAll(async () => {
    [world, again] = [await ProgramWorld.open(), await ProgramWorld.open()];
    model = new ProgramModel(world, dice, climate);
    await model.begin();
  });
  afterAll(async () => {
    await again.close().finally(() => world.close());
  });

  it('[D1] [Q3] [F25] [F26] [F29] [F30] pays what a second implementation of the rules expects', async () => {
    for (let command = 1; command <= COMMANDS; command += 1) {
      await model.step();
      if (dice.chance(1 / CATCH_UP_EVERY)) await model.catchUp();
    }
    await model.catchUp({ all: true });
    await world.expectSound();
    await expectIntegrity(world.db);
    expect(await world.balances()).not.toEqual([]);
  }, 240_000);

  it('[D5] [F26] pays the same when the same was told in another order, in other portions, more than once', async () => {
    await again.copyRulesFrom(world);
    for (const rest = dice.shuffled([...model.told, ...model.told.filter(() => dice.chance(0.2))]); rest.length > 0;) {
      await again.tell(rest.splice(0, dice.int(1, 400)));
      await again.drain();
    }
    await again.expectSound();
    expect(await again.balances()).toEqual(await world.balances());
  }, 240_000);

  it('[Q4] [F27] leaves nothing in any wallet when everything is taken back', async () => {
    await world.tell(dice.shuffled(await model.endEverything()));
    await world.drain();
    expect(await world.balances()).toEqual([]);
    await world.expectSound();
    await expectIntegrity(world.db);
  }, 120_000);
});
