import { AttributionService } from '../../modules/money/attribution/attribution.service';
import { calculationAsOf } from '../../modules/money/commissions/calculation/calculation';
import { RulebookService } from '../../modules/money/commissions/calculation/rulebook.service';
import { listPartners } from '../../modules/people/partners/partner-list.queries';
import { CpuMeter } from '../support/cpu';
import type { Lab } from '../support/lab';
import { costOf, median, ROUNDS, rounded } from '../support/rounds';
import { sellersOf } from '../support/seed';
import { AccrualRun } from './accrual';
import { topOf } from './pages';

const PRODUCE_MS = 500;

/** What an accrued contract, a preview and a page of a tenth of all partners cost in one program; CPU µs. */
export interface GrowthPoint {
  readonly id: string;
  readonly partners: number;
  /** How many people a contract pays or explains. */
  readonly depth: number;
  readonly accrual: number;
  readonly preview: number;
  readonly page: number;
}

export async function growth(lab: Lab, partners: number, depth: number): Promise<GrowthPoint> {
  const sellers = await sellersOf(lab.owner, depth - 1);
  const run = await AccrualRun.prepare(lab, depth - 1);
  const attributions = lab.nest.get(AttributionService, { strict: false });
  const rulebooks = lab.nest.get(RulebookService, { strict: false });
  const { id: above } = await topOf(lab, partners / 10);
  let turn = 0;
  const contract = () => ({
    contractId: 'growth',
    version: 1,
    sellerId: sellers[turn++ % sellers.length]!.userId,
    valueMinor: 5_000_00,
    currency: 'PLN',
    product: null,
    kind: null,
    clientId: null,
    referredBy: null,
    occurredAt: new Date(),
  });
  const figures = {
    accrual: async () => {
      const before = lab.cpu.read();
      const { contracts } = await run.run(PRODUCE_MS);
      return CpuMeter.between(before, lab.cpu.read()) / contracts;
    },
    preview: () =>
      costOf(lab, () =>
        lab.db.transaction(async (tx) => {
          const [one] = await attributions.attribute(tx, [contract()]);
          return calculationAsOf(one!, one!.valueMinor, await rulebooks.at(tx, [one!]));
        }),
      ),
    page: () => costOf(lab, () => listPartners(lab.db.manager, { above, sort: 'joinedAt' }, { limit: 50 })),
  };
  const rounds = { accrual: [] as number[], preview: [] as number[], page: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, figure] of Object.entries(figures)) {
      const cost = await figure();
      if (round > 0) rounds[name as keyof typeof rounds].push(cost);
    }
  }
  const [accrual, preview, page] = Object.values(rounds).map((costs) => rounded(median(costs))) as [
    number,
    number,
    number,
  ];
  return { id: `growth ${partners} × ${depth}`, partners, depth, accrual, preview, page };
}
