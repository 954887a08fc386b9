import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office, type Person } from '../../../support/program';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

const remind = ({ agent }: Person) => agent.post('/partner-program/membership/reminders').send({}).expect(202);
const told = async ({ email }: Person) =>
  (await app.mails()).filter(
    ({ to, subject }) => to === email && subject === 'Możesz już dołączyć do programu partnerskiego',
  );

/** Waits until no job is left. */
const quiet = () =>
  eventually(async () => {
    const [row] = await app.owner.query<{ count: string }[]>(
      `select count(*) from partner_program.job where kind in ('supervisorJoined', 'mail') and status = 'waiting'`,
    );
    expect(row!.count).toBe('0');
  });

describe('[P3] when a supervisor joins', () => {
  it('everybody directly below who asked for it gets one mail, and nobody else', async () => {
    const boss = await office.user();
    const [asked, silent, moved] = [
      await office.user({ supervisorId: boss.id }),
      await office.user({ supervisorId: boss.id }),
      await office.user({ supervisorId: boss.id }),
    ];
    const further = await office.user({ supervisorId: asked.id });
    for (const person of [asked, moved, further]) await remind(person);
    await app.owner.query(`update partner_program.join_reminder set day = day - 1 where user_id = $1`, [asked.id]);
    await remind(asked);
    await app.owner.query(`update crm."user" set supervisor_id = null where id = $1`, [moved.id]);

    await office.join(boss).expect(201);
    await eventually(async () => expect(await told(asked)).toHaveLength(1));
    await quiet();
    for (const person of [silent, moved, further]) expect(await told(person)).toEqual([]);
    await office.join(asked).expect(201);
    await eventually(async () => expect(await told(further)).toHaveLength(1));
    await quiet();
    expect(await told(asked)).toHaveLength(1);
  });

  it('nobody is told of a joining that was refused', async () => {
    const boss = await office.user();
    const waiting = await office.user({ supervisorId: boss.id });
    await remind(waiting);
    await boss.agent.post('/partner-program/membership').send({ termsVersionId: boss.id }).expect(409);
    await quiet();
    expect(await told(waiting)).toEqual([]);
  });
});
