import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ContractJob } from './commissions/accruals.service';
import { Host } from './host';
import type { ContractChange } from './host';
import { JobsService } from './jobs/jobs.service';
import { isCurrency, MAX_AMOUNT_MINOR } from './kernel/money';
import { Refusal } from './kernel/refusal';
import { flagsByEmail } from './partners/partners.queries';

/** How far ahead of the database a host's clock may run. */
const CLOCK_TOLERANCE_MS = 60_000;

/** A client of the host who is a partner too. @see P18 */
export interface PartnerFlag {
  readonly clientId: string;
  readonly partnerId: string;
  readonly since: Date;
}

/** What a host may call. */
@Injectable()
export class PartnerProgram {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
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
    changes.forEach(assertCalculable);
    await this.jobs.add(
      tx,
      ...changes.map((change) => ({
        key: `contract:${change.id}:${change.version}`,
        kind: 'contract',
        payload: jobOf(change),
      })),
    );
  }

  /** The id of the partner account of a CRM user; null before joining. */
  async partnerOf(userId: string): Promise<string | null> {
    const [row] = await this.db.query<{ id: string }[]>('select id from partner_program.partner where user_id = $1', [
      userId,
    ]);
    return row?.id ?? null;
  }

  /** Which of these clients are partners: those whose e-mail is a partner's confirmed one. @see P18 */
  async partnerFlags(clientIds: readonly string[]): Promise<PartnerFlag[]> {
    const clients = await this.host.clients(clientIds);
    const byEmail = await flagsByEmail(
      this.db.manager,
      clients.flatMap(({ email }) => (email === null ? [] : [email])),
    );
    return clients.flatMap(({ id, email }) => {
      const partner = email === null ? undefined : byEmail.get(email.toLowerCase());
      return partner ? [{ clientId: id, ...partner }] : [];
    });
  }
}

function assertCalculable({ valueMinor, currency, version, refundBps, occurredAt }: ContractChange): void {
  if (!Number.isSafeInteger(valueMinor) || valueMinor < 0 || valueMinor > MAX_AMOUNT_MINOR) {
    throw new Refusal('INVALID_AMOUNT', { value: String(valueMinor) });
  }
  if (!Number.isInteger(version) || version < 1) throw new Refusal('INVALID_INPUT', { field: 'version' });
  if (refundBps !== null && !(Number.isInteger(refundBps) && refundBps >= 1 && refundBps <= 10_000)) {
    throw new Refusal('INVALID_INPUT', { field: 'refundBps' });
  }
  if (!isCurrency(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
  if (occurredAt.getTime() > Date.now() + CLOCK_TOLERANCE_MS) throw new Refusal('FUTURE_CHANGE', { occurredAt });
}

function jobOf({
  id,
  version,
  status,
  sellerId,
  clientId,
  valueMinor,
  currency,
  product,
  kind,
  refundBps,
  occurredAt,
}: ContractChange): ContractJob {
  return {
    contractId: id,
    version,
    status,
    sellerId,
    clientId,
    valueMinor,
    currency,
    product,
    kind: kind ?? null,
    refundBps,
    occurredAt: occurredAt.toISOString(),
  };
}
