import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAmount, formatMoney } from '../../../../modules/kernel/formats';
import { LOCALES } from '../../../../modules/kernel/locale';
import { parseAmount } from '../../../../modules/kernel/money';
import { ISO_4217_CODES, isoUnit } from '../../../../modules/kernel/units';
import { defineUnit } from '../../../../modules/platform/program/program.queries';
import { Program } from '../../../../modules/platform/program/program.service';
import type { UnitDefinition } from '../../../../modules/options';
import { bootApp, type TestApp } from '../../../support/app';
import { freshDatabase, type FreshDatabase } from '../../../support/database';
import { eventually } from '../../../support/eventually';
import { PUNKTY } from '../../../support/known-program';

const root = join(__dirname, '../../../..');
const TABLE = 'partner_program.unit';

describe('[Q5] the digits of a currency', () => {
  it('are what ISO 4217 says, also where the runtime says otherwise', () => {
    const digits = ['PLN', 'JPY', 'KWD', 'HUF', 'IDR', 'IQD', 'CLF', 'BGN'].map((code) => isoUnit(code)?.digits);
    expect(digits).toEqual([2, 0, 3, 2, 2, 3, 4, 2]);
    expect(['XAU', 'XXX', 'PTS', 'PUNKTY', 'pln', ''].map((code) => isoUnit(code))).toEqual(Array(6).fill(undefined));
  });

  it('are written and read by everything in the same way', () => {
    for (const unit of ISO_4217_CODES.map(isoUnit).filter((known) => known !== undefined)) {
      for (const locale of LOCALES) {
        const [, decimals = ''] = /[.,](\d+)\D*$/.exec(formatMoney(locale, 7, unit)) ?? [];
        expect([unit.code, decimals.length]).toEqual([unit.code, unit.digits]);
        expect(parseAmount(formatAmount(locale, 1_234_567, unit), unit.digits, locale)).toBe(1_234_567);
      }
    }
  });

  it('are asked of nobody else: a further Node must not read old books otherwise', () => {
    const asks = /resolvedOptions\(\)(?!\.timeZone)|supportedValuesOf\(|DisplayNames\([^)]*currency/;
    const asking = ['modules', 'src', 'migrations', 'templates'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|hbs|js)$/.test(name) && !name.includes('vendor'))
        .map((name) => join(folder, name))
        .filter((path) => asks.test(readFileSync(join(root, path), 'utf8'))),
    );
    expect(asking).toEqual([]);
  });
});

describe('a unit of the program', () => {
  let database: FreshDatabase;
  let app: TestApp;
  let program: Program;

  const define = async (unit: UnitDefinition) => {
    await defineUnit(app.db.manager, unit);
    return (await program.refresh()).units.of(unit.code);
  };

  beforeAll(async () => {
    database = await freshDatabase();
    app = await bootApp({ worker: false, database });
    program = app.nest.get(Program);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is known at once where it is defined, soon in every other process, and defined once', async () => {
    const other = await bootApp({ worker: false, database });
    try {
      expect(program.now.units.has('PUNKTY')).toBe(false);
      const unit = await define(PUNKTY);
      expect(unit).toEqual({ isMoney: false, worth: null, ...PUNKTY });
      expect(program.now.units.of('PUNKTY')).toEqual(unit);
      await eventually(() => expect(other.nest.get(Program).now.units.has('PUNKTY')).toBe(true));
      await expect(define({ ...PUNKTY, digits: 2 })).resolves.toMatchObject({ digits: 0 });
    } finally {
      await other.close();
    }
  });

  it('has no code of ISO 4217, not even one that is taken back or has no minor unit', async () => {
    for (const code of ISO_4217_CODES) {
      await expect(define({ ...PUNKTY, code })).rejects.toMatchObject({ constraint: 'unit_code_free' });
    }
    await define({ ...PUNKTY, code: 'PTS' });
  });

  it.each([
    ['unit_code_form', { code: 'pkt' }],
    ['unit_code_form', { code: 'P' }],
    ['unit_digits_known', { digits: 5 }],
    ['unit_money_code', { isMoney: true }],
    ['unit_names_in_every_language', { names: { pl: { other: 'punkty' }, en: { other: 'points' } } }],
    ['unit_worth_whole', { worth: { num: 1, den: 0, currency: 'PLN' } }],
    ['unit_worth_whole', { code: 'GGP', isMoney: true, worth: { num: 1, den: 1, currency: 'GBP' } }],
  ])('is refused by %s: %j', async (constraint, wrong) => {
    const unit = { ...PUNKTY, code: 'INNE', ...wrong } as typeof PUNKTY;
    await expect(define(unit)).rejects.toMatchObject({ constraint });
  });

  it.each([
    `update ${TABLE} set code = 'INNE'`,
    `update ${TABLE} set is_money = true where code = 'PTS'`,
    `delete from ${TABLE}`,
    `truncate ${TABLE}`,
  ])('is read for ever as it was written: %s', async (sql) => {
    await expect(app.owner.query(sql)).rejects.toMatchObject({ code: '23001' });
  });

  it('may change its names and its worth', async () => {
    await app.owner.query(
      `update ${TABLE} set worth_num = 1, worth_den = 2, worth_currency = 'PLN' where code = 'PTS'`,
    );
    const { units } = await program.refresh();
    expect(units.of('PTS').worth).toEqual({ num: 1, den: 2, currency: 'PLN' });
  });
});

describe('what the options say of units', () => {
  const options = { publicUrl: 'https://crm.example', units: [PUNKTY] };
  let app: TestApp;

  beforeAll(async () => {
    app = await bootApp({ worker: false });
  });
  afterAll(() => app.close());

  it('begins them, and nothing that has begun', async () => {
    const program = app.nest.get(Program);
    await program.begin({ ...options, currency: 'PUNKTY', locale: 'en', timeZone: 'America/Sao_Paulo' });
    expect(program.now).toMatchObject({ currency: 'PLN', locale: 'pl', timeZone: 'Europe/Warsaw' });
    expect(program.now.units.own.map(({ code }) => code)).toEqual(['PUNKTY']);
  });

  it.each([
    ['names no unit: "PKT"', { ...options, currency: 'PKT' }],
    ['PUNKTY cannot change its digits to 2', { ...options, currency: 'PLN', units: [{ ...PUNKTY, digits: 2 }] }],
  ])('stops the start when it %s', async (sentence, wrong) => {
    await expect(app.nest.get(Program).begin(wrong)).rejects.toThrow(sentence);
  });
});
