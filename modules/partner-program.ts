import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { contractJob } from './commissions/accruals/contract-job';
import type { ContractChange } from './host';
import { JobsService } from './jobs/jobs.service';
import { ClientFlagsService } from './partners/client-flags/client-flags.service';
import type { PartnerFlag } from './partners/client-flags/client-flags.service';

/** What a host may call. */
@Injectable()
export class PartnerProgram {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly flags: ClientFlagsService,
    private readonly jobs: JobsService,
  ) {}

  /**
   * Tells the program that a contract changed, in the transaction in which it changes: if that commits, commissions
   * follow; if it rolls back, nothing was said. The same version told again counts once.
   *
   * @param tx the host's own transaction
   * @throws Refusal INVALID_AMOUNT, CURRENCY_UNKNOWN, FUTURE_CHANGE for a change that no commission can be calculated from
   * @see P12
   */
  contractChanged(tx: EntityManager, change: ContractChange): Promise<void> {
    return this.contractsChanged(tx, [change]);
  }

  /** The same for many changes in one statement. */
  async contractsChanged(tx: EntityManager, changes: readonly ContractChange[]): Promise<void> {
    const now = new Date();
    await this.jobs.add(tx, ...changes.map((change) => contractJob(change, now)));
  }

  /** The id of the partner account of a CRM user; null before joining. */
  async partnerOf(userId: string): Promise<string | null> {
    const [row] = await this.db.query<{ id: string }[]>('select id from partner_program.partner where user_id = $1', [
      userId,
    ]);
    return row?.id ?? null;
  }

  /** Which of these clients are partners: those whose e-mail is a partner's confirmed one. @see P18 */
  partnerFlags(clientIds: readonly string[]): Promise<PartnerFlag[]> {
    return this.flags.of(clientIds);
  }
}
