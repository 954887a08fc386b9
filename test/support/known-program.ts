import type { DataSource } from 'typeorm';
import type { UnitDefinition } from '../../modules/options';
import { Program } from '../../modules/platform/program/program.service';

/** A unit of points as a program may have it. */
export const PUNKTY: UnitDefinition = {
  code: 'PUNKTY',
  digits: 0,
  names: {
    pl: { one: 'punkt', few: 'punkty', many: 'punktów', other: 'punktu' },
    'pt-BR': { one: 'ponto', other: 'pontos' },
    en: { one: 'point', other: 'points' },
  },
};

export const PROGRAM_ROW = {
  currency: 'PLN',
  locale: 'pl',
  timeZone: 'Europe/Warsaw',
  requireAcceptance: true,
  requirePayoutAccount: true,
  minimumWithdrawals: [{ unit: 'PLN', amountMinor: 1_000 }],
  units: [{ isMoney: false, worth: null, ...PUNKTY }],
};

/** What holds in a program whose database answers with this row. */
export async function knownProgram(row: Partial<typeof PROGRAM_ROW> = {}): Promise<Program> {
  const answers = { manager: { query: async () => [{ ...PROGRAM_ROW, ...row }] } };
  const program = new Program(answers as unknown as DataSource);
  await program.refresh();
  return program;
}
