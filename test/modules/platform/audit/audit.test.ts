import { randomUUID } from 'node:crypto';
import { LOCALES } from '../../../../modules/kernel/locale';
import { AUDIT_ACTIONS } from '../../../../modules/platform/audit/audit-actions';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office } from '../../../support/program';

interface Row {
  readonly id: string;
  readonly actor: string;
  readonly actor_name: string | null;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string | null;
  readonly partner_id: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
  readonly ip: string | null;
  readonly request_id: string | null;
}

/** A record as the list answers it. */
interface Told {
  readonly actor: { readonly ref: string };
  readonly action: string;
  readonly object: { readonly type: string };
  readonly partner: { readonly id: string } | null;
}

let app: TestApp;
let office: Office;
let manager: Member;
let member: Member;
let adminRef: string;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.ranks('silver', 'gold');
  manager = await office.member(undefined, { permissions: ['participate', 'inviteLevelZero'] });
  member = await office.member(manager);
  const [admin] = await app.owner.query(`select id from crm.user where email = 'admin@crm.example'`);
  adminRef = `user:${admin.id}`;
});
afterAll(() => app.close());

/** What the work wrote into the audit log, in its order. */
async function recorded(work: () => Promise<unknown>): Promise<Row[]> {
  const [{ last }] = await app.owner.query(`select coalesce(max(id), 0) as last from partner_program.audit_record`);
  await work();
  return app.owner.query(`select * from partner_program.audit_record where id > $1 order by id`, [last]);
}

const here = (path: string) => `/partner-program${path}`;
const partner = (path: string) => here(`/partners/${member.partnerId}${path}`);
const adjust = (amountMinor: number) =>
  office.admin.post(partner('/adjustments')).send({ amountMinor, currency: 'PLN', reason: 'A premium for the fair' });
const aDraft = () =>
  office.admin
    .post(here('/plans'))
    .send({ name: `Plan ${randomUUID()}`, kind: 'levels', currency: 'PLN', levels: [{ level: 0, rateBps: 700 }] })
    .expect(201);

describe('a change through the application', () => {
  it('[F42] is told with who, from where, in which request, and what it was before', async () => {
    const rows = await recorded(() =>
      office.admin
        .put(here('/settings'))
        .set('x-request-id', 'edge-12345678')
        .send({ minimumWithdrawalMinor: 2_500 })
        .expect(200),
    );
    expect(rows).toEqual([
      expect.objectContaining({
        actor: adminRef,
        actor_name: expect.stringMatching(/\w+ \w+/),
        action: 'settings.changed',
        object_type: 'settings',
        object_id: null,
        before: { minimumWithdrawalMinor: 1_000, currency: 'PLN' },
        after: { minimumWithdrawalMinor: 2_500, currency: 'PLN' },
        ip: '127.0.0.1',
        request_id: 'edge-12345678',
      }),
    ]);
  });

  it('leaves nothing when nothing changed, when it was refused, and when it was only tried', async () => {
    const rows = await recorded(async () => {
      await office.admin.put(here('/settings')).send({ minimumWithdrawalMinor: 2_500 }).expect(200);
      await adjust(-5_000).expect(422);
      await office.admin.post(partner('/suspension')).send({ reason: '' }).expect(400);
      await office.admin
        .post(partner('/placements?preview=true'))
        .send({ sponsorId: null, reason: 'only looking' })
        .expect(200);
      await office.admin.delete(partner('/suspension')).expect(409);
    });
    expect(rows).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, Partial<Row>[]]>([
    [
      'what a status does',
      () => office.actions({ draft: 'accrue' }),
      [{ action: 'contractStatus.actionSet', object_id: 'draft', before: null, after: { action: 'accrue' } }],
    ],
    [
      'that a status does nothing any more',
      () => office.actions({ draft: 'none' }),
      [{ action: 'contractStatus.actionEnded', object_id: 'draft', before: { action: 'accrue' }, after: null }],
    ],
    [
      'a plan',
      () => office.levels(500),
      [
        {
          action: 'plan.drafted',
          after: expect.objectContaining({ number: 1, compression: 'none', holdingDays: 0 }),
        },
        { action: 'plan.activated', before: null, after: null },
      ],
    ],
    [
      'a plan that begins later',
      async () => {
        const { versionId } = (await aDraft()).body;
        const effectiveFrom = '2100-01-01T00:00:00.000Z';
        await office.admin
          .post(here(`/plans/${versionId}/activation`))
          .send({ effectiveFrom })
          .expect(201);
      },
      [
        { action: 'plan.drafted' },
        { action: 'plan.activated', after: { effectiveFrom: expect.stringContaining('2100') } },
      ],
    ],
    [
      'a suspension and its end',
      async () => {
        await office.admin.post(partner('/suspension')).send({ reason: 'Under inquiry' }).expect(201);
        await office.admin.delete(partner('/suspension')).expect(204);
      },
      [
        { action: 'partner.suspended', reason: 'Under inquiry' },
        { action: 'partner.reinstated', reason: null },
      ],
    ],
    [
      'ranks',
      async () => {
        await office.admin.put(partner('/rank')).send({ rank: 'silver' }).expect(200);
        await office.admin.put(partner('/rank')).send({ rank: 'gold' }).expect(200);
      },
      [
        { action: 'partner.ranked', before: null, after: { rank: 'silver' } },
        { action: 'partner.ranked', before: { rank: 'silver' }, after: { rank: 'gold' } },
      ],
    ],
    [
      'corrections of a balance',
      () => adjust(50_000).expect(201),
      [
        {
          action: 'wallet.adjusted',
          before: { balanceMinor: 0, currency: 'PLN' },
          after: { balanceMinor: 50_000, currency: 'PLN' },
          reason: 'A premium for the fair',
        },
      ],
    ],
  ])('[F42] tells %s', async (_, work, expected) => {
    const rows = await recorded(work);
    expect(rows).toEqual(expected.map((row) => expect.objectContaining({ actor: adminRef, ...row })));
  });

  it('[Q7] tells from where to where a partner was moved, and why', async () => {
    const move = (sponsorId: string | null) =>
      office.admin.post(partner('/placements')).send({ sponsorId, reason: 'A wish of both' }).expect(201);
    const rows = await recorded(async () => {
      await move(null);
      await move(manager.partnerId);
    });
    const move_ = { action: 'partner.moved', partner_id: member.partnerId, reason: 'A wish of both' };
    expect(rows).toMatchObject([
      { ...move_, before: { sponsorId: manager.partnerId }, after: null },
      { ...move_, before: null, after: { sponsorId: manager.partnerId } },
    ]);
  });

  it('[P6] tells of terms by their hash, not by their bytes', async () => {
    const rows = await recorded(() => Office.open(app));
    expect(rows.slice(0, 2)).toMatchObject([
      { action: 'terms.uploaded', after: { title: 'Regulamin', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      { action: 'terms.published', object_id: rows[0]!.object_id },
    ]);
    expect(Object.keys(rows[0]!.after as object).sort()).toEqual(['number', 'requireAcceptance', 'sha256', 'title']);
    await office.admin.put(here('/settings')).send({ requireAcceptance: false }).expect(200);
  });

  it('[F49] tells of an account number by its last characters only', async () => {
    const change = (value: string) =>
      member.agent.put(here('/payout-account')).send({ kind: 'iban', value, holder: 'Jan Kos' }).expect(200);
    const rows = await recorded(async () => {
      await change('PL61109010140000071219812874');
      await change('DE89370400440532013000');
    });
    expect(rows).toMatchObject([
      { action: 'payoutAccount.changed', before: null, after: { kind: 'iban', value: '••••2874' } },
      {
        action: 'payoutAccount.changed',
        before: { value: '••••2874' },
        after: { value: '••••3000', effectiveFrom: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/10901014|37040044/);
  });

  it('[P16] [P17] tells the whole life of withdrawals, also of those paid at once', async () => {
    const ask = async () => {
      const { body } = await member.agent
        .post(here('/withdrawals'))
        .send({ amountMinor: 10_000, currency: 'PLN' })
        .expect(201);
      return (body as { id: string }).id;
    };
    const rows = await recorded(async () => {
      await member.agent.post(here(`/withdrawals/${await ask()}/cancellation`)).expect(201);
      const rejected = await ask();
      await office.admin
        .post(here(`/withdrawals/${rejected}/rejection`))
        .send({ reason: 'The account is closed' })
        .expect(201);
      await office.admin
        .post(here('/withdrawals/payouts'))
        .send({ ids: [await ask()], reference: 'P/1' })
        .expect(200);
    });
    const requested = { action: 'withdrawal.requested', actor: `user:${member.id}`, partner_id: member.partnerId };
    const pending = { status: 'pending' };
    expect(rows).toMatchObject([
      { ...requested, after: { amountMinor: 10_000, currency: 'PLN' } },
      { action: 'withdrawal.cancelled', actor: `user:${member.id}`, before: pending, after: { status: 'cancelled' } },
      requested,
      { action: 'withdrawal.rejected', actor: adminRef, reason: 'The account is closed' },
      requested,
      { action: 'withdrawal.paid', actor: adminRef, before: pending, after: { status: 'paid', reference: 'P/1' } },
    ]);
  });

  it('tells of revoked invitations and revived jobs', async () => {
    const invitation = { firstName: 'Ewa', lastName: 'Lis', email: 'ewa@guest.example', subject: 'S', body: 'B' };
    const { body } = await member.agent.post(here('/invitations')).send(invitation).expect(201);
    const [job] = await app.owner.query(
      `insert into partner_program.job (key, kind, payload, status, finished_at)
       values ('dead:1', 'nothing', '{}', 'dead', now()) returning id`,
    );
    const rows = await recorded(async () => {
      await member.agent.delete(here(`/invitations/${body.id}`)).expect(204);
      await member.agent.delete(here(`/invitations/${body.id}`)).expect(204);
      await office.admin.post(here(`/jobs/${job.id}/retry`)).expect(201);
    });
    expect(rows).toMatchObject([
      { action: 'invitation.revoked', actor: `user:${member.id}`, object_id: body.id, before: null, after: null },
      { action: 'job.retried', actor: adminRef, object_id: 'dead:1' },
    ]);
    await app.owner.query(`delete from partner_program.job where key = 'dead:1'`);
  });

  it('[P9] tells who was approved and who came in by a level-zero link, by whom it was handed out', async () => {
    const person = (email: string) => ({
      firstName: 'Ewa',
      lastName: 'Lis',
      email,
      password: 'a long enough passphrase',
      termsVersionId: undefined as string | undefined,
    });
    const { body: terms } = await app.anonymous().get(here('/terms/current')).expect(200);
    const dashboard = await manager.agent.get(here('')).expect(200);
    const code = String(dashboard.body.levelZeroLink.url).split('/').at(-1);
    const register = (path: string, email: string) =>
      app
        .anonymous()
        .post(here(path))
        .send({ ...person(email), termsVersionId: terms.versionId })
        .expect(201);
    const rows = await recorded(async () => {
      await register(`/registrations/link/${code}`, 'link@guest.example');
      const { body } = await register('/registrations', 'bare@guest.example');
      await office.admin.post(here(`/partners/${body.partner.id}/approval`)).expect(201);
    });
    const [used, approved] = rows;
    expect(rows).toHaveLength(2);
    expect(used).toMatchObject({ action: 'levelZeroLink.used', object_id: manager.partnerId, actor_name: null });
    expect(used!.actor).toBe(`partner:${used!.partner_id}`);
    expect(approved).toMatchObject({ action: 'partner.approved', actor: adminRef, after: { status: 'active' } });
  });

  it('knows nothing of what the program does by itself', async () => {
    const contract = await office.contract(member, 100_000);
    const rows = await recorded(async () => {
      await office.status(contract, 'signed');
      await office.settled();
    });
    expect(rows).toEqual([]);
    await eventually(async () => expect((await office.available(member))[0]).toBeGreaterThan(0));
  });
});

describe('the audit log', () => {
  it('names the database user where nobody signed: no change goes unnoticed', async () => {
    const rows = await recorded(() =>
      app.owner.query(`update partner_program.minimum_withdrawal set amount_minor = 1_234`),
    );
    expect(rows).toMatchObject([
      { actor: expect.stringMatching(/^database:/), after: { minimumWithdrawalMinor: 1_234, currency: 'PLN' } },
    ]);
  });

  it('names nobody for the next transaction on the same connection', async () => {
    await adjust(1).expect(201);
    const settings = await Promise.all(
      Array.from({ length: 10 }, () => app.db.query(`select current_setting('partner_program.actor', true) as actor`)),
    );
    expect(settings.flat().every((row: { actor: string | null }) => !row.actor)).toBe(true);
  });

  it.each([
    `insert into partner_program.audit_record (actor, action, object_type) values ('x', 'a.b', 'x')`,
    `update partner_program.audit_record set actor = 'x'`,
    `delete from partner_program.audit_record`,
    `truncate partner_program.audit_record`,
  ])('[F41] is closed to the application: %s', async (sql) => {
    await expect(app.db.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    `update partner_program.audit_record set actor = 'x'`,
    `delete from partner_program.audit_record`,
    `truncate partner_program.audit_record`,
  ])('[F41] is kept from its owner as well: %s', async (sql) => {
    await expect(app.owner.query(sql)).rejects.toMatchObject({ code: '23001' });
  });

  it('[F42] lets no change happen that it cannot record', async () => {
    await app.owner.query(
      `alter table partner_program.audit_record add constraint full_disk check (action <> 'partner.suspended') not valid`,
    );
    await office.admin.post(partner('/suspension')).send({ reason: 'Under inquiry' }).expect(500);
    await app.owner.query(`alter table partner_program.audit_record drop constraint full_disk`);
    const { body } = await office.admin.get(partner('')).expect(200);
    expect(body.status).toBe('active');
  });
});

describe('[S15] the page of the audit log', () => {
  const list = (query = '') => office.admin.get(here(`/audit${query}`)).expect(200);

  beforeAll(async () => {
    await office.levels(500);
    await office.admin.put(here('/settings')).send({ minimumWithdrawalMinor: 500 }).expect(200);
    for (const sponsorId of [null, manager.partnerId]) {
      await office.admin.post(partner('/placements')).send({ sponsorId, reason: 'A wish of both' }).expect(201);
    }
  });

  it('is for holders of manageBalances or configure', async () => {
    await member.agent.get(here('/audit')).expect(403);
    const payer = await office.user({ permissions: ['manageBalances'] });
    await payer.agent.get(here('/audit')).expect(200);
  });

  it('tells each change with its people by name and in words', async () => {
    await adjust(12_345).expect(201);
    const { body } = await list(`?partnerId=${member.partnerId}&action=wallet.adjusted&limit=1`);
    expect(body.data[0]).toMatchObject({
      actor: { ref: adminRef, name: expect.stringMatching(/\w+ \w+/) },
      action: 'wallet.adjusted',
      object: { type: 'partner', id: member.partnerId },
      partner: { id: member.partnerId, name: expect.stringContaining('Jan Kos') },
      after: { currency: 'PLN' },
      changes: [{ label: 'Saldo', after: expect.stringMatching(/123,45|\d\szł/) }],
      reason: 'A premium for the fair',
    });
    const moves = await list(`?partnerId=${member.partnerId}&action=partner.moved`);
    expect(moves.body.data[1].changes).toEqual([
      { label: 'Polecający', before: expect.stringContaining('Jan Kos'), after: 'poziom zero' },
    ]);
  });

  it.each<[string, () => string, (row: Told) => boolean]>([
    ['actor', () => `actor=${adminRef}`, (row) => row.actor.ref === adminRef],
    ['action', () => 'action=plan.drafted', (row) => row.action === 'plan.drafted'],
    ['object', () => 'objectType=settings', (row) => row.object.type === 'settings'],
    ['partner', () => `partnerId=${member.partnerId}`, (row) => row.partner?.id === member.partnerId],
  ])('is narrowed by %s', async (_, query, fits) => {
    const told = async (filter: string) => (await list(`?${filter}&limit=100`)).body.data as Told[];
    const narrowed = await told(query());
    expect(narrowed.length).toBeGreaterThan(0);
    expect(narrowed).toEqual((await told('')).filter(fits));
  });

  it('is narrowed by period, of which an end given as a day is the whole day', async () => {
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Warsaw' }).format(new Date());
    expect((await list(`?from=${today}&to=${today}`)).body.data.length).toBeGreaterThan(0);
    expect((await list('?to=2020-01-01')).body.data).toEqual([]);
  });

  it('goes through all of it page by page, each once, the newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { body: unknown } = await list(`?limit=7${cursor && `&cursor=${cursor}`}`);
      const { data, nextCursor } = page.body as { data: { id: string }[]; nextCursor: string | null };
      seen.push(...data.map(({ id }) => id));
      cursor = nextCursor;
    }
    const rows: { id: string }[] = await app.owner.query(
      `select id from partner_program.audit_record order by at desc, id desc`,
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
    await office.admin.get(here('/audit?cursor=nonsense')).expect(400);
  });

  it('[F76] is a table of the filtered list to take along, with no formula in it', async () => {
    await office.admin.post(partner('/suspension')).send({ reason: '=HYPERLINK("http://evil")' }).expect(201);
    await office.admin.delete(partner('/suspension')).expect(204);
    const { text, headers } = await office.admin.get(here('/audit.csv?action=partner.suspended')).expect(200);
    expect(headers['content-type']).toContain('text/csv');
    const lines = text.trim().split('\r\n');
    const { body } = await list('?action=partner.suspended&limit=100');
    expect(lines).toHaveLength(1 + body.data.length);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(lines[1]).toContain('Zawieszenie partnera');
  });

  it('[Q11] [Q12] is a page that names everything that can be told, in three languages', async () => {
    const triggers: { action: string }[] = await app.owner.query(
      `select distinct found[1] as action
         from pg_proc, regexp_matches(prosrc, '''([a-z][A-Za-z]*[.][a-z][A-Za-z]*)''', 'g') as found
        where pronamespace = 'partner_program'::regnamespace and proname like 'audit\\_%'`,
    );
    const told = [...triggers.map(({ action }) => action), 'levelZeroLink.used'];
    told.push('webhook.tested', 'webhook.replayed', 'payoutAccount.read', 'plan.ended');
    told.push('membership.excepted', 'partner.userChanged', 'withdrawal.directed');
    expect([...AUDIT_ACTIONS].sort()).toEqual(told.sort());
    for (const locale of LOCALES) {
      await app.owner.query(`update crm."user" set locale = $1 where email = 'admin@crm.example'`, [locale]);
      const { text } = await office.admin.get(here('/audit?limit=100')).set('accept', 'text/html').expect(200);
      expect(text).not.toMatch(/audit\.(action|object|field|state)\./);
    }
    const { text } = await office.admin.get(here('/audit?to=2020-01-01')).set('accept', 'text/html').expect(200);
    expect(text).toContain('No change matches the filters.');
    const about = await office.admin.get(partner('')).set('accept', 'text/html').expect(200);
    expect(about.text).toContain(`/partner-program/audit?partnerId&#x3D;${member.partnerId}`);
  });
});
