import type { DataSource } from 'typeorm';
import type { ContractChange } from '../../../modules/host';
import { RederivationService } from '../../../modules/money/commissions/rederivation/rederivation.service';
import { PartnerProgram } from '../../../modules/partner-program';
import { JobWorker } from '../../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../app';
import { commissionFaults } from './commission-oracle';

const RULE_TABLES = [
  'holder',
  'partner',
  'partner_path',
  'placement',
  'suspension',
  'partner_rank',
  'client_link',
  'status_action',
  'plan',
  'plan_version',
  'plan_level',
  'plan_rank',
];

/** A program over a database of its own, whose jobs are done when the test says so. */
export class ProgramWorld {
  private constructor(readonly app: TestApp) {}

  static async open(): Promise<ProgramWorld> {
    return new ProgramWorld(await bootApp({ worker: false }));
  }

  close(): Promise<void> {
    return this.app.close();
  }

  get db(): DataSource {
    return this.app.db;
  }

  get owner(): DataSource {
    return this.app.owner;
  }

  async tell(changes: readonly ContractChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.db.transaction((tx) => this.app.nest.get(PartnerProgram).contractsChanged(tx, changes));
  }

  async drain(): Promise<void> {
    await this.app.nest.get(JobWorker).drain();
    const undone = await this.owner.query<unknown[]>(
      `select key, status, last_error from partner_program.job
        where status = 'dead' or status = 'waiting' and due_at <= partner_program.now_ms() limit 5`,
    );
    expect(undone).toEqual([]);
  }

  /** Takes the tree and the rules of another program over, with their history. */
  async copyRulesFrom(other: ProgramWorld): Promise<void> {
    await this.owner.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      for (const table of RULE_TABLES) {
        const [{ rows, columns }] = await other.owner.query<[{ rows: unknown; columns: string }]>(
          `select coalesce(json_agg(t), '[]') as rows,
                  (select string_agg(attname, ', ') from pg_attribute where attrelid = 'partner_program.${table}'::regclass
                      and attnum > 0 and not attisdropped and attgenerated = '') as columns
             from partner_program.${table} t`,
        );
        await tx.query(
          `insert into partner_program.${table} (${columns}) overriding system value
           select ${columns} from json_populate_recordset(null::partner_program.${table}, $1)
           on conflict do nothing`,
          [JSON.stringify(rows)],
        );
      }
    });
  }

  /** Every wallet's balance that is not zero, and its sum over all entries. */
  balances(): Promise<{ partner_id: string; kind: string; currency: string; balance: string; entries: string }[]> {
    return this.owner.query(`
      select a.holder_id as partner_id, a.kind, a.currency, a.balance_minor as balance, coalesce(sum(e.amount_minor), 0)::bigint as entries
        from partner_program.account a left join partner_program.entry e on e.account_id = a.id
       where a.holder_kind = 'partner' and a.balance_minor <> 0
       group by a.id order by a.holder_id, a.kind, a.currency`);
  }

  /** What must hold after any history: books that balance, amounts as the rules give them, a past that derives again. */
  async expectSound(): Promise<void> {
    const unbalanced = await this.owner.query<unknown[]>(
      'select currency, sum(amount_minor) from partner_program.entry group by currency having sum(amount_minor) <> 0',
    );
    expect(unbalanced).toEqual([]);
    for (const { balance, entries } of await this.balances()) expect(entries).toBe(balance);
    expect(await commissionFaults(this.owner)).toEqual([]);
    const { differences } = await this.app.nest.get(RederivationService).check();
    expect(differences).toEqual([]);
  }
}
