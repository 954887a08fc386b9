import { DataSource } from 'typeorm';
import { transaction } from '../../../modules/kernel/transaction';
import { freshDatabase } from '../../support/database';
import type { FreshDatabase } from '../../support/database';

describe('a transaction', () => {
  let database: FreshDatabase;
  beforeAll(async () => (database = await freshDatabase()));
  afterAll(() => database.drop());

  it.each(['read committed', 'repeatable read', 'serializable'])(
    '[F44] sees what was committed before each statement, also where the host’s default is %s',
    async (level) => {
      const extra = { options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}` };
      const db = await new DataSource({ type: 'postgres', url: database.url, extra }).initialize();
      try {
        const shown = () => transaction(db, (tx) => tx.query(`show transaction_isolation`));
        expect(await shown()).toEqual([{ transaction_isolation: 'read committed' }]);
        expect(await shown()).toEqual([{ transaction_isolation: 'read committed' }]);
      } finally {
        await db.destroy();
      }
    },
  );
});
