import { Logger } from '@nestjs/common';
import { HealthController } from '../../../../modules/platform/operations/health.controller';
import { bootApp, type TestApp } from '../../../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp({ worker: false });
});
afterAll(() => app.close());

const ready = () => app.anonymous().get('/partner-program/health/ready');

describe('the health of the program', () => {
  it('tells the database, the migrations and the worker', async () => {
    const { body } = await ready().expect(200);
    expect(body).toEqual({ status: 'ok', database: 'up', migrations: 'done', worker: 'ok' });
  });

  it('tells that jobs wait for a worker, which keeps nobody from answering requests', async () => {
    await app.owner.query(
      `insert into partner_program.job (key, kind, payload, due_at) values ('x', 'mail', '{}', now() - interval '2 minutes')`,
    );
    const { body } = await ready().expect(200);
    expect(body).toMatchObject({ status: 'ok', worker: 'behind' });
    await app.owner.query(`delete from partner_program.job where key = 'x'`);
  });

  it('[F20] is not ready while the database does not answer, says no word why, and is alive', async () => {
    const log = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const away = jest.spyOn(app.db.manager, 'query').mockRejectedValue(new Error('host 10.0.0.7 is down'));
    const reply = await ready().expect(503).expect('retry-after', '5');
    expect(reply.body).toEqual({ status: 'unavailable', database: 'down' });
    await app.anonymous().get('/partner-program/health/live').expect(200);
    away.mockRestore();
    log.mockRestore();
  });

  it('is not ready on a schema that is too old', async () => {
    const newest = 'select max(timestamp) from partner_program.migration';
    const [[row]] = await app.owner.query<[[{ timestamp: string; name: string }]]>(
      `delete from partner_program.migration where timestamp = (${newest}) returning timestamp, name`,
    );
    const { body } = await ready().expect(503);
    expect(body).toEqual({ status: 'unavailable', database: 'up', migrations: 'pending' });
    await app.owner.query('insert into partner_program.migration (timestamp, name) values ($1, $2)', [
      row.timestamp,
      row.name,
    ]);
    await ready().expect(200);
  });

  it('sends requests elsewhere once the process is stopping', async () => {
    app.nest.get(HealthController, { strict: false }).onModuleDestroy();
    const { body } = await ready().expect(503);
    expect(body).toMatchObject({ status: 'stopping', database: 'up' });
  });
});
