import fc from 'fast-check';
import { Client } from 'pg';
import { grownTree, partnerId, writeTree } from '../../../../bench/support/tree';
import { listPartners } from '../../../../modules/people/partners/partner-list.queries';
import type { PartnerListFilter, PartnerListRow } from '../../../../modules/people/partners/partner-list.queries';
import { bootApp } from '../../../support/app';
import type { TestApp } from '../../../support/app';

const PARTNERS = 400;

let app: TestApp;
beforeAll(async () => {
  app = await bootApp({ worker: false });
  const owner = new Client({ connectionString: (app.owner.options as { url: string }).url });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
  await writeTree(owner, grownTree(PARTNERS));
  await owner.query(`
    insert into partner_program.partner (id, first_name, last_name, email, locale, status, joined_at, referral_code)
    select gen_random_uuid(), 'Jan', 'Kowalski', 'waiting-' || n || '@example.com', 'pl', 'awaitingApproval',
           now() - n * interval '1 day', 'waiting' || n from generate_series(1, 9) as n`);
  await owner.query('set session_replication_role = origin');
  await owner.query(
    `insert into partner_program.suspension (partner_id, valid, reason, suspended_by)
     select id, tstzrange(joined_at, null), 'Wyjaśniamy', 'test' from partner_program.partner where seq % 11 = 0`,
  );
  await owner.query('vacuum analyze');
  await owner.end();
});
afterAll(() => app.close());

/** The whole list in one query that goes down from the viewer, whatever it costs. */
async function plainly(filter: PartnerListFilter): Promise<string[]> {
  const { above, level, direct, status, search, placed, sort } = filter;
  const name = `lower(p.last_name || ' ' || p.first_name) collate "pl-x-icu"`;
  const rows = await app.owner.query<{ id: string }[]>(
    `with recursive below as (
       select id, 0 as level from partner_program.partner
        where case when $1::uuid is null then sponsor_id is null and status <> 'awaitingApproval' else id = $1 end
       union all
       select p.id, below.level + 1 from below join partner_program.partner p on p.sponsor_id = below.id
     ), seen as (
       select p.*, below.level, ${name} as name,
              case when p.status = 'active' and s.id is not null then 'suspended' else p.status end as shown
         from partner_program.partner p left join below on below.id = p.id
         left join partner_program.suspension s on s.partner_id = p.id and s.valid @> now()
     )
     select id from seen
      where (level is not null or seen.status = 'awaitingApproval' and $1 is null and not $6) and ($1 is null or level > 0)
        and ($2::integer is null or level = $2) and (not $3 or level = case when $1 is null then 0 else 1 end)
        and ($4::text is null or shown = $4)
        and ($5::text is null or position(lower($5) in lower(first_name || ' ' || last_name)) > 0
             or position(lower($5) in lower(email)) > 0)
      order by ${sort === 'name' ? 'name, id' : 'joined_at desc, id desc'}`,
    [above, level ?? null, direct ?? false, status ?? null, search ?? null, placed ?? false],
  );
  return rows.map(({ id }) => id);
}

async function pageByPage(filter: PartnerListFilter, limit: number): Promise<string[]> {
  const rows: PartnerListRow[] = [];
  for (let page: PartnerListRow[] | undefined; !page || page.length === limit;) {
    const last = rows.at(-1);
    page = await listPartners(app.db.manager, filter, { after: last && { key: last.sortKey, id: last.id }, limit });
    rows.push(...page);
  }
  return rows.map(({ id }) => id);
}

const filters = fc.record(
  {
    above: fc.option(fc.integer({ min: 1, max: PARTNERS }).map(partnerId), { freq: 3 }),
    sort: fc.constantFrom('name' as const, 'joinedAt' as const),
    search: fc.constantFrom('a', 'kowal', 'ska', '-12', 'waiting', '@', 'nobody of this name', '%'),
    status: fc.constantFrom('active', 'suspended', 'left', 'awaitingApproval'),
    level: fc.integer({ min: 0, max: 5 }),
    direct: fc.boolean(),
    placed: fc.boolean(),
  },
  { requiredKeys: ['above', 'sort'] },
);

it('[F40] [P11] answers every filter as a plain query over the tree does, in the same order, page by page', async () => {
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 7, max: 200 }), async (filter, limit) => {
      expect(await pageByPage(filter, limit)).toEqual(await plainly(filter));
    }),
    { numRuns: 300 },
  );
}, 120_000);
