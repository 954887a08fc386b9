import { bootApp, type TestApp } from '../../../support/app';
import { Office } from '../../../support/program';

let app: TestApp;
let office: Office;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
});
afterAll(() => app.close());

const STATUSES = '/partner-program/settings/contract-statuses';

describe('[P12] what statuses do', () => {
  const actions = async () => {
    const { body } = await office.admin.get(STATUSES).expect(200);
    return (body as { status: string; action: string }[]).map(({ status, action }) => `${status} ${action}`);
  };

  it('changes for those that are named, and for no other', async () => {
    const before = await actions();
    await office.actions({ sent: 'accrue' });
    expect(await actions()).toEqual(before.map((line) => (line.startsWith('sent ') ? 'sent accrue' : line)));
    await office.actions({ sent: 'none' });
    expect(await actions()).toEqual(before);
  });

  it.each([
    ['twice, with two actions', ['accrue', 'reverse']],
    ['twice, with the same', ['accrue', 'accrue']],
  ])('stays where a status is named %s', async (_, wanted) => {
    const before = await actions();
    const body = wanted.map((action) => ({ status: 'sent', action }));
    const reply = await office.admin.put(STATUSES).send(body);
    expect([reply.status, reply.body.code]).toEqual([400, 'INVALID_INPUT']);
    expect(await actions()).toEqual(before);
  });
});
