import { randomUUID } from 'node:crypto';
import { bootApp, type Agent } from '../support/app';
import type { Member } from '../support/program';
import { codeOf, peopledWorld, type World } from './people';

let world: World;
let withdrawalId: string;
let invitationId: string;
let contractId: string;

/** Every partner's own things: `self` has one of each, nobody else has any. */
beforeAll(async () => {
  const app = await bootApp();
  world = await peopledWorld(app);
  const { office, self } = world;
  await office.levels(1000, 500);
  contractId = await office.contract(self, 1_000_00);
  await office.status(contractId, 'signed');
  await office.settled();
  const ask = { amountMinor: 10_00, currency: 'PLN' };
  withdrawalId = idOf(await self.agent.post('/partner-program/withdrawals').send(ask).expect(201));
  const invitation = { firstName: 'Ola', lastName: 'Nowa', email: 'ola@poczta.example', subject: 'Hej', body: 'Hej' };
  invitationId = idOf(await self.agent.post('/partner-program/invitations').send(invitation).expect(201));
});
afterAll(() => world.app.close());

const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id;

/** An answer without what differs between any two of them: the id that was asked for. */
function withoutId(
  { status, headers, text }: { status: number; headers: Record<string, string>; text: string },
  id: string,
) {
  return { status, type: headers['content-type'], text: text.replaceAll(id, ':id') };
}

describe('[F70] the thing of somebody else is as unknown as one that is not there', () => {
  const strangers = (): Agent[] => [
    world.people.downline,
    world.people.other,
    world.people.external,
    world.people.suspended,
  ];
  const ROUTES: [method: 'get' | 'post' | 'delete', path: string, id: () => string][] = [
    ['get', '/partners/:id', () => world.self.partnerId],
    ['get', '/partners/:id/children', () => world.self.partnerId],
    ['get', '/partners/:id/upline', () => world.self.partnerId],
    ['get', '/partners/:id/wallets', () => world.self.partnerId],
    ['get', '/partners/:id/entries', () => world.self.partnerId],
    ['get', '/partners/:id/entries.csv', () => world.self.partnerId],
    ['get', '/partners/:id/statement.pdf', () => world.self.partnerId],
    ['get', '/partners/tree?focus=:id', () => world.self.partnerId],
    ['get', '/withdrawals/:id', () => withdrawalId],
    ['post', '/withdrawals/:id/cancellation', () => withdrawalId],
    ['get', '/invitations/:id', () => invitationId],
    ['post', '/invitations/:id/resending', () => invitationId],
    ['delete', '/invitations/:id', () => invitationId],
    ['get', '/contracts/:id/commission-preview', () => contractId],
    ['get', '/contracts/:id/commissions', () => contractId],
  ];

  it.each(ROUTES)('%s %s', async (method, path, id) => {
    for (const agent of strangers()) {
      const ask = async (asked: string) =>
        withoutId(await agent[method](`/partner-program${path.replace(':id', asked)}`), asked);
      const foreign = await ask(id());
      expect(foreign).toEqual(await ask(randomUUID()));
      expect(foreign.status).toBeGreaterThanOrEqual(403);
    }
  });

  it('also in a session and in the body', async () => {
    const sessions = await world.people.external.get('/partner-program/sessions').expect(200);
    const [session] = (sessions.body as { data: { id: string }[] }).data;
    const end = (id: string) => world.people.unconfirmed.delete(`/partner-program/sessions/${id}`);
    expect(withoutId(await end(session!.id), session!.id)).toEqual(
      withoutId(await end(session!.id.replace(/.$/, '0')), session!.id.replace(/.$/, '0')),
    );
    await world.people.external.get('/partner-program/account').expect(200);
    const pay = await world.people.other.post('/partner-program/withdrawals/payouts').send({ ids: [withdrawalId] });
    expect([pay.status, codeOf(pay)]).toEqual([403, 'FORBIDDEN']);
  });

  it('and nothing happened to it', async () => {
    const own = await world.self.agent.get(`/partner-program/withdrawals/${withdrawalId}`).expect(200);
    expect((own.body as { status: string }).status).toBe('pending');
    const invitation = await world.self.agent.get(`/partner-program/invitations/${invitationId}`).expect(200);
    expect((invitation.body as { status: string }).status).toBe('sent');
  });
});

describe('[F70] lists hold what the viewer may see', () => {
  /** Straight from the tree, as its rows say it. */
  async function belowOf({ partnerId }: Member): Promise<string[]> {
    const rows: { id: string }[] = await world.app.owner.query(
      `with recursive below as (select id from partner_program.partner where sponsor_id = $1
         union all select p.id from partner_program.partner p join below b on p.sponsor_id = b.id)
       select id from below order by id`,
      [partnerId],
    );
    return rows.map(({ id }) => id);
  }

  const idsIn = async (agent: Agent, path: string): Promise<string[]> => {
    const { body } = await agent.get(`/partner-program/${path}`).expect(200);
    return (body as { data: { id: string }[] }).data.map(({ id }) => id).sort();
  };

  it('of partners: those below, or all', async () => {
    for (const member of [world.upline, world.self, world.downline, world.other]) {
      expect(await idsIn(member.agent, 'partners?limit=100')).toEqual(await belowOf(member));
      for (const filter of ['search=Kos', 'status=active', 'level=0', 'level=1', 'sort=name', 'search=@']) {
        const shown = await idsIn(member.agent, `partners?limit=100&${filter}`);
        expect(await belowOf(member)).toEqual(expect.arrayContaining(shown));
      }
      const stolen = await world.people.admin.get('/partner-program/partners?limit=1').expect(200);
      const cursor = (stolen.body as { nextCursor: string }).nextCursor;
      expect(await belowOf(member)).toEqual(
        expect.arrayContaining(await idsIn(member.agent, `partners?limit=100&cursor=${cursor}`)),
      );
    }
    const all: { id: string }[] = await world.app.owner.query('select id from partner_program.partner order by id');
    for (const who of ['viewer', 'admin'] as const) {
      expect(await idsIn(world.people[who], 'partners?limit=100')).toEqual(all.map(({ id }) => id));
    }
  });

  it('of the tree: nothing is unfolded that is not below', async () => {
    const all: { id: string }[] = await world.app.owner.query('select id from partner_program.partner');
    const open = all.map(({ id }) => id).join(',');
    for (const member of [world.upline, world.self, world.downline, world.other]) {
      expect(await belowOf(member)).toEqual(
        expect.arrayContaining(await idsIn(member.agent, `partners/tree?open=${open}`)),
      );
    }
  });

  it('of withdrawals and invitations: the own', async () => {
    for (const member of [world.upline, world.downline, world.other]) {
      expect(await idsIn(member.agent, 'withdrawals')).toEqual([]);
      expect(await idsIn(member.agent, 'invitations')).toEqual([]);
    }
    expect(await idsIn(world.self.agent, 'withdrawals')).toEqual([withdrawalId]);
    expect(await idsIn(world.self.agent, 'invitations')).toEqual([invitationId]);
    expect(await idsIn(world.people.payer, 'withdrawals')).toEqual([withdrawalId]);
  });

  it('of a contract: the own line', async () => {
    for (const member of [world.self, world.upline]) {
      const { body } = await member.agent
        .get(`/partner-program/contracts/${contractId}/commission-preview`)
        .expect(200);
      const { lines } = body as { lines: { partnerId: string }[] };
      expect(lines.map(({ partnerId }) => partnerId)).toEqual([member.partnerId]);
      const posted = await member.agent.get(`/partner-program/contracts/${contractId}/commissions`).expect(200);
      const others = [world.self, world.upline].filter((one) => one !== member);
      for (const text of [JSON.stringify(body), posted.text]) {
        for (const other of others) expect(text).not.toContain(other.partnerId);
      }
    }
  });

  it('[F83] shows nobody the address of those above, and wallets only to who manages them', async () => {
    const { text } = await world.self.agent.get(`/partner-program/partners/${world.self.partnerId}`).expect(200);
    expect(text).not.toContain(world.upline.email);
    for (const who of ['upline', 'viewer'] as const) {
      const list = await world.people[who].get('/partner-program/partners').expect(200);
      expect(list.text).not.toContain('availableMinor');
      const one = await world.people[who].get(`/partner-program/partners/${world.self.partnerId}`).expect(200);
      expect(one.text).not.toContain('availableMinor');
    }
  });
});
