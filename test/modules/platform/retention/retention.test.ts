import { RetentionService } from '../../../../modules/platform/retention/retention.service';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office } from '../../../support/program';
import { anAccount, loggedIn, PASSWORD } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

/** Lets the standing job run once more, and waits until it has. */
async function forgetOld(): Promise<void> {
  await app.owner.query(`update partner_program.job set due_at = now() - interval '1 second' where kind = 'retention'`);
  await eventually(async () => {
    const [{ due }] = await app.owner.query(
      `select count(*)::integer as due from partner_program.job where kind = 'retention' and due_at <= now()`,
    );
    expect(due).toBe(0);
  });
}

/** As if it had been so many days ago, past every trigger. */
async function age(table: string, column: string, days: number, where: string): Promise<void> {
  await app.owner.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query(`update partner_program.${table} set ${column} = now() - make_interval(days => $1) where ${where}`, [
      days,
    ]);
  });
}

it('[S14] forgets news that were read a year ago, and nothing that could still be looked for', async () => {
  const { partnerId } = await office.member();
  const told = async (kind: string, { shown = true } = {}): Promise<string> => {
    const [row] = await app.owner.query(
      `insert into partner_program.notification (partner_id, kind, about, shown)
       values ($1, $2, gen_random_uuid(), $3) returning id`,
      [partnerId, kind, shown],
    );
    return row.id as string;
  };
  const link = (id: string) =>
    app.owner.query(
      `insert into partner_program.unsubscribe_token (token_hash, notification_id)
       values (encode(sha256($1::text::bytea), 'hex'), $1::bigint)`,
      [id],
    );
  const read = { old: await told('withdrawal'), young: await told('withdrawal'), partner: await told('newPartner') };
  const [mailed, mailedLately] = [await told('terms', { shown: false }), await told('terms', { shown: false })];
  await app.owner.query('insert into partner_program.notification_mark values ($1, $2)', [partnerId, mailedLately]);
  const unread = await told('withdrawal');
  for (const id of [read.old, read.partner, mailed, mailedLately]) await link(id);
  const old = [read.old, read.partner, mailed, unread].join();
  await age('notification', 'created_at', 366, `id in (${old})`);
  await age('notification', 'created_at', 364, `id in (${read.young}, ${mailedLately})`);

  await forgetOld();
  const left = async (text: string) => (await app.owner.query<{ id: string }[]>(text, [partnerId])).map(({ id }) => id);
  expect(await left('select id from partner_program.notification where partner_id = $1 order by id')).toEqual([
    read.young,
    read.partner,
    mailedLately,
    unread,
  ]);
  expect(
    await left(`select notification_id as id from partner_program.unsubscribe_token
                 where notification_id in (select id from partner_program.notification where partner_id = $1)`),
  ).toEqual([mailedLately]);
  await expect(
    app.db.query('delete from partner_program.notification where id = $1', [read.partner]),
  ).rejects.toMatchObject({ code: '23001' });
});

it('[S15] forgets after a year from where somebody acted, and nothing else of it', async () => {
  const member = await office.member();
  const suspension = `/partner-program/partners/${member.partnerId}/suspension`;
  await office.admin.post(suspension).send({ reason: 'Under inquiry' }).expect(201);
  await office.admin.delete(suspension).expect(204);
  const records = () =>
    app.owner.query<{ id: string; ip: string | null; at: Date }[]>(
      'select * from partner_program.audit_record where partner_id = $1 order by id',
      [member.partnerId],
    );
  const [first, second] = (await records()).map(({ id }) => id);
  await age('audit_record', 'at', 366, `id = ${first}`);
  await age('audit_record', 'at', 364, `id = ${second}`);
  const before = await records();
  expect(before.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);

  const set = (id: string | undefined, what: string) =>
    app.owner.query(`update partner_program.audit_record set ${what} where id = $1`, [id]);
  await expect(set(second, 'ip = null')).rejects.toMatchObject({ code: '23001' });
  await expect(set(first, `ip = '192.0.2.1'`)).rejects.toMatchObject({ code: '23001' });
  await expect(set(first, `ip = null, actor = 'user:nobody'`)).rejects.toMatchObject({ code: '23001' });

  await forgetOld();
  expect(await records()).toEqual([{ ...before[0], ip: null }, before[1]]);
});

it('[P10] forgets a change of address that nobody confirmed, so that it waits no longer', async () => {
  const [late, recent] = [await anAccount(app), await anAccount(app)];
  for (const account of [late, recent]) {
    const agent = await loggedIn(app, account);
    const change = { email: `new-${account.email}`, password: PASSWORD };
    await agent.post('/partner-program/email-changes').send(change).expect(202);
  }
  await age('email_change', 'requested_at', 8, `partner_id = '${late.partnerId}'`);
  await age('email_change', 'requested_at', 6, `partner_id = '${recent.partnerId}'`);
  await forgetOld();
  const waiting = async (account: typeof late) =>
    (await (await loggedIn(app, account)).get('/partner-program/account').expect(200)).body.emailChange as unknown;
  expect([await waiting(late), await waiting(recent)]).toEqual([null, expect.anything()]);
});

it('touches nothing of a program in which everything is young', async () => {
  const counts = () =>
    app.owner.query(
      `select (select count(*) from partner_program.notification) as notifications,
              (select count(*) from partner_program.unsubscribe_token) as links,
              (select count(ip) from partner_program.audit_record) as addresses,
              (select count(*) from partner_program.email_change) as changes`,
    );
  const before = await counts();
  await forgetOld();
  expect(await counts()).toEqual(before);
  const daily = app.nest.get(RetentionService).lines.filter(({ everySeconds }) => everySeconds === undefined);
  expect(daily.filter(({ days }) => days < 7)).toEqual([]);
});
