import type { Request } from 'express';
import { describeHost } from '../../../modules/testing/host-contract';
import { CrmHost } from '../../../src/crm/crm-host';
import { UsersService } from '../../../src/crm/users.service';
import { bootApp } from '../../support/app';

describeHost(async () => {
  const app = await bootApp({ worker: false });
  const admin = await app.login('admin@crm.example');
  const create = async (path: string, body: object): Promise<string> =>
    (await admin.post(path).send(body).expect(201)).body.id;
  const user = (email: string, fields: object): Promise<string> =>
    create('/crm/users', { email, firstName: 'Ewa', lastName: 'Żak', password: 'partner-program', ...fields });

  const topUserId = await user('top@crm.example', { permissions: [] });
  const userId = await user('seller@crm.example', {
    supervisorId: topUserId,
    mailbox: 'seller@crm.example',
    permissions: ['participate'],
  });
  const clientId = await create('/crm/clients', { name: 'Klient' });
  const contractId = await create('/crm/contracts', {
    number: 'H/1',
    clientId,
    sellerId: userId,
    valueMinor: 100,
    currency: 'PLN',
  });
  let valueMinor = 100;
  return {
    host: app.nest.get(CrmHost),
    sample: {
      userId,
      supervisorId: topUserId,
      mailbox: 'seller@crm.example',
      granted: 'participate',
      denied: 'configure',
      topUserId,
      clientId,
      contractId,
      unknownIds: ['0199a3a0-0000-7000-8000-000000000000', 'nobody', ''],
      // What the session's middleware leaves on a request.
      requestOf: async (id) => ({ user: id && (await app.nest.get(UsersService).ofSession(id)) }) as unknown as Request,
      changeContract: async () => {
        await admin.patch(`/crm/contracts/${contractId}`).send({ valueMinor: ++valueMinor }).expect(200);
      },
    },
    close: () => app.close(),
  };
});
