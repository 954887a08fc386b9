import { randomInt } from 'node:crypto';
import { AttributionService } from '../../modules/money/attribution/attribution.service';
import { calculationAsOf } from '../../modules/money/commissions/calculation/calculation';
import { RulebookService } from '../../modules/money/commissions/calculation/rulebook.service';
import type { Lab } from '../support/lab';
import { costOf, measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { sellersOf } from '../support/seed';

/** The same rows by their keys: the seller, the plan with its levels, and the placements of everybody on the path. */
const SELLER = {
  name: 'keys-seller',
  text: 'select id, user_id as "userId" from partner_program.partner where user_id = any ($1)',
};
const PLAN = {
  name: 'keys-plan',
  text: `select v.*, p.*, (select json_agg(l) from partner_program.plan_level l where l.plan_version_id = v.id) as levels
           from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id where v.id = any ($1)`,
};
const PATH = {
  name: 'keys-path',
  text: 'select id, partner_id, sponsor_id, valid from partner_program.placement where id = any ($1)',
};

/** CPU of a forecast without the page around it: reading what is in force and calculating, against key look-ups. */
export async function preview(lab: Lab): Promise<Measure> {
  const attributions = lab.nest.get(AttributionService, { strict: false });
  const rulebooks = lab.nest.get(RulebookService, { strict: false });
  const sellers = (await sellersOf(lab.owner)).slice(0, 2_000);
  const paths = await pathsOf(
    lab,
    sellers.map(({ partnerId }) => partnerId),
  );
  const { rows: plans } = await lab.owner.query<{ id: string }>(
    'select id from partner_program.plan_version where valid is not null',
  );
  const planIds = plans.map(({ id }) => id);
  let contracts = 0;

  return measure({
    id: 'H2',
    unit: 'CPU µs/preview',
    reach: { atMost: 2.5 },
    figure: () =>
      costOf(lab, () =>
        lab.db.transaction(async (tx) => {
          const { userId } = sellers[randomInt(sellers.length)]!;
          const contract = {
            contractId: `preview-${contracts++}`,
            version: 1,
            sellerId: userId,
            valueMinor: 5_000_00,
            currency: 'PLN',
            product: null,
            kind: null,
            clientId: null,
            referredBy: null,
            occurredAt: new Date(),
          };
          const [attributed] = await attributions.attribute(tx, [contract]);
          const rulebook = await rulebooks.at(tx, [attributed!]);
          return calculationAsOf(attributed!, contract.valueMinor, rulebook);
        }),
      ),
    floor: () =>
      costOf(lab, () =>
        lab.db.transaction(async (tx) => {
          const { userId, partnerId } = sellers[randomInt(sellers.length)]!;
          await tx.query(PLAN as never, [planIds]);
          await tx.query(SELLER as never, [[userId]]);
          return tx.query(PATH as never, [paths.get(partnerId)]);
        }),
      ),
  });
}

/** The keys of the placements from each partner to the top. */
async function pathsOf({ owner }: Lab, partnerIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await owner.query<{ origin: string; ids: string[] }>(
    `with recursive walk as (
       select p.partner_id as origin, p.id, p.sponsor_id from partner_program.placement p where p.partner_id = any ($1)
       union all
       select w.origin, p.id, p.sponsor_id from walk w join partner_program.placement p on p.partner_id = w.sponsor_id
     )
     select origin, array_agg(id::text) as ids from walk group by origin`,
    [partnerIds],
  );
  return new Map(rows.map(({ origin, ids }) => [origin, ids]));
}
