import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ContractChange, HostUser } from './host';
import { currentTime } from './kernel/clock';
import { contractJob } from './money/commissions/accruals/contract-job';
import { PreviewsService } from './money/commissions/previews.service';
import type { ContractLine } from './money/commissions/previews.service';
import { CrmUsersService } from './people/accounts/crm-users/crm-users.service';
import { ClientFlagsService } from './people/partners/client-flags/client-flags.service';
import type { PartnerFlag } from './people/partners/client-flags/client-flags.service';
import { PartnersService } from './people/partners/partners.service';
import { JobsService } from './platform/jobs/jobs.service';
import { Program } from './platform/program/program.service';

/** What a host may call. */
@Injectable()
export class PartnerProgram {
  constructor(
    private readonly partners: PartnersService,
    private readonly flags: ClientFlagsService,
    private readonly users: CrmUsersService,
    private readonly jobs: JobsService,
    private readonly previews: PreviewsService,
    private readonly program: Program,
  ) {}

  /**
   * Reports to the program that a contract changed, in the transaction in which it changes: if that commits, commissions
   * follow; if it rolls back, nothing was said. The same version reported again counts once.
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
    const at = { now: currentTime(), units: this.program.now.units };
    await this.jobs.add(tx, ...changes.map((change) => contractJob(change, at)));
  }

  /**
   * Reports that the data of a CRM user changed, in the transaction in which they change: the partner who is that user has
   * the new name, address, phone and language at once. Not reported, they follow when the person comes by, or within a day.
   *
   * @param tx the host's own transaction
   * @see P22
   */
  userChanged(tx: EntityManager, user: HostUser): Promise<void> {
    return this.users.follow(tx, [user]);
  }

  /** The id of the partner account of a CRM user; null before joining and after leaving. */
  async partnerOf(userId: string): Promise<string | null> {
    return (await this.partners.byUser(userId))?.id ?? null;
  }

  /**
   * What a contract pays the partner whom a CRM user is, or would pay if it was signed now; null for a user who has no line
   * on it. For a host that shows a button, or the amount, on the contract's own page. @see P19
   */
  async lineOf(contractId: string, userId: string): Promise<ContractLine | null> {
    const partner = await this.partners.byUser(userId);
    return partner ? this.previews.lineOf(partner.id, contractId) : null;
  }

  /** Which of these clients are partners: by a link, else by a confirmed address; not those who have left. @see P18 */
  partnerFlags(clientIds: readonly string[]): Promise<PartnerFlag[]> {
    return this.flags.of(clientIds);
  }
}
