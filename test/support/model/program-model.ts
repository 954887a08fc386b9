import { v7 as uuidv7 } from 'uuid';
import type { EntityManager } from 'typeorm';
import type { ContractChange } from '../../../modules/host';
import { MAX_AMOUNT_MINOR } from '../../../modules/kernel/money';
import { refuseOn } from '../../../modules/kernel/query';
import { Refusal } from '../../../modules/kernel/refusal';
import { Holder } from '../../../modules/ledger/holder.entity';
import { Partner } from '../../../modules/people/partners/partner.entity';
import { openPlacement } from '../../../modules/people/partners/partners.queries';
import {
  endSuspension,
  openSuspension,
  replaceRank,
} from '../../../modules/people/partners/status/partner-status.queries';
import { PlacementsService } from '../../../modules/people/partners/tree/placements.service';
import { attributeChanges } from '../../../modules/platform/audit/audit.queries';
import { lockTimeline } from '../../../modules/platform/timeline/timeline.queries';
import type { PlanRules } from '../../../modules/rules/plans/plan-rules';
import { PlansService } from '../../../modules/rules/plans/plans.service';
import { setStatusActions } from '../../../modules/rules/settings/settings.queries';
import type { Dice } from './dice';
import type { ProgramWorld } from './program-world';

const DAY_MS = 86_400_000;
const STATUSES = ['draft', 'sent', 'signed', 'active', 'refunded', 'cancelled'];
const USUAL_ACTIONS: Readonly<Record<string, string>> = {
  signed: 'accrue',
  active: 'accrue',
  refunded: 'reverse',
  cancelled: 'reverse',
};
const PRODUCTS = ['solar', 'wind', null];
const KINDS = ['new', 'renewal', null];
const RANKS = ['bronze', 'silver', 'gold'];
const CURRENCIES = ['PLN', 'PLN', 'PLN', 'EUR'];
const CLIENTS = Array.from({ length: 15 }, (_, n) => `client-${n}`);

/** How often each thing happens, and what shape the tree takes. */
export interface Climate {
  readonly join: number;
  readonly move: number;
  readonly standing: number;
  /** A referral of a client begins or ends. */
  readonly link: number;
  readonly plan: number;
  readonly action: number;
  readonly change: number;
  /** The probability that a newcomer joins under the one who joined last. */
  readonly deep: number;
  /** The probability that a change is told later than those after it. */
  readonly late: number;
}

/**
 * Lets a program live through a random history: partners join, move, pause and rise, plans follow each other, contracts
 * change. Time is the model's own, some weeks ago, and never stands still; what is told to the program comes late,
 * twice and out of order. The rules are changed by the program's own services, on dates of the model.
 */
export class ProgramModel {
  readonly commands: Record<string, number> = {};
  /** Everything told so far, repetitions left out. */
  readonly told: ContractChange[] = [];
  private clock = Date.now() - 30 * DAY_MS;
  private calculatedUntil = 0;
  private readonly partners: string[] = [];
  private readonly contracts = new Map<string, ContractChange>();
  private unreported: ContractChange[] = [];
  private suspended: string[] = [];

  constructor(
    private readonly world: ProgramWorld,
    private readonly dice: Dice,
    private readonly climate: Climate,
  ) {}

  /** A few partners, a plan and the usual statuses, so that money flows from the start. */
  async begin(): Promise<void> {
    for (let n = 0; n < 8; n += 1) await this.join();
    for (let n = 0; n < 4; n += 1) await this.attempt('plan', () => this.plan());
    await this.setActions(USUAL_ACTIONS);
  }

  /** One thing happens. A refusal is an answer too: nothing changes then. */
  async step(): Promise<void> {
    const { join, move, standing, link, plan, action, change } = this.climate;
    const command = this.dice.weighted({ join, move, standing, link, plan, action, change });
    this.commands[command] = (this.commands[command] ?? 0) + 1;
    this.clock += this.dice.int(1, 20_000);
    if (command === 'change') return this.change();
    return this.attempt(command, () => this[command]());
  }

  private async attempt(command: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.commands[`${command} refused`] = (this.commands[`${command} refused`] ?? 0) + 1;
    }
  }

  /** Tells a part of what happened, in any order and partly twice, and lets the program work. */
  async catchUp({ all = false } = {}): Promise<void> {
    const now = this.unreported.filter(() => all || !this.dice.chance(this.climate.late));
    this.unreported = this.unreported.filter((change) => !now.includes(change));
    for (let rest = this.dice.shuffled(now); rest.length > 0;) {
      const batch = rest.splice(0, this.dice.int(1, 80));
      this.told.push(...batch);
      await this.world.tell([...batch, ...batch.filter(() => this.dice.chance(0.1))]);
      if (this.dice.chance(0.3)) await this.world.drain();
    }
    if (this.told.length > 0) await this.world.tell(this.dice.shuffled(this.told).slice(0, 5));
    await this.world.drain();
    this.calculatedUntil = Math.max(this.calculatedUntil, ...this.told.map(({ occurredAt }) => occurredAt.getTime()));
  }

  /** A last change of every contract, into a status that takes everything back. */
  async endEverything(): Promise<ContractChange[]> {
    this.clock += 1_000;
    await this.setActions({ void: 'reverse' });
    this.clock += 1_000;
    return [...this.contracts.values()].map((contract) => ({
      ...contract,
      status: 'void',
      version: contract.version + 1,
      refundBps: null,
      refundMinor: null,
      occurredAt: new Date(this.clock),
    }));
  }

  private change(): void {
    const { dice } = this;
    const known = [...this.contracts.values()];
    const before = known.length > 0 && dice.chance(0.88) ? dice.pick(known.slice(-250)) : this.newContract();
    const version = before.version + 1;
    const contract: ContractChange = {
      ...before,
      version,
      occurredAt: new Date(this.clock),
      refundBps: null,
      refundMinor: null,
      ...this.facts(before),
    };
    this.contracts.set(contract.id, contract);
    this.unreported.push(contract);
  }

  private newContract(): ContractChange {
    const { dice } = this;
    return {
      id: uuidv7(),
      number: 'model',
      status: 'draft',
      version: 0,
      sellerId: dice.chance(0.97) ? this.userOf(dice.int(0, this.partners.length + 3)) : null,
      clientId: dice.chance(0.7) ? dice.pick(CLIENTS) : null,
      referredBy: dice.chance(0.15) ? this.referrer() : null,
      valueMinor: this.amount(),
      currency: dice.pick(CURRENCIES),
      product: dice.pick(PRODUCTS),
      kind: dice.pick(KINDS),
      occurredAt: new Date(this.clock),
      refundBps: null,
      refundMinor: null,
    };
  }

  private facts({ valueMinor, currency, status }: ContractChange): Partial<ContractChange> {
    const { dice } = this;
    const what = dice.weighted({ status: 10, refund: 3, value: 3, product: 1, currency: 0.5, both: 2, people: 1 });
    if (what === 'status') return { status: dice.pick(STATUSES) };
    if (what === 'refund') {
      const isAmount = valueMinor > 0 && dice.chance(0.4);
      const part = isAmount
        ? { refundMinor: dice.int(1, dice.chance(0.5) ? Math.min(valueMinor, 500) : valueMinor) }
        : { refundBps: dice.int(1, 10_000) };
      return { status: dice.chance(0.8) ? 'refunded' : status, ...part };
    }
    if (what === 'value') return { valueMinor: this.amount() };
    if (what === 'product') return { product: dice.pick(PRODUCTS), kind: dice.pick(KINDS) };
    if (what === 'people') {
      return { sellerId: this.userOf(dice.int(0, this.partners.length + 3)), clientId: dice.pick(CLIENTS) };
    }
    if (what === 'currency') return { currency: currency === 'PLN' ? 'EUR' : 'PLN' };
    return {
      status: dice.pick(STATUSES),
      valueMinor: dice.chance(0.2) ? 0 : Math.min(valueMinor + dice.int(0, 1_000), MAX_AMOUNT_MINOR),
    };
  }

  private amount(): number {
    const size = this.dice.weighted({ none: 1, tiny: 3, usual: 12, huge: 1 });
    return { none: 0, tiny: this.dice.int(1, 60), usual: this.dice.int(1_000, 5_000_000), huge: MAX_AMOUNT_MINOR }[
      size
    ];
  }

  /** A partner by id or code, somebody who joins later, or nobody. */
  private referrer(): string {
    const { dice, partners } = this;
    return dice.chance(0.5) ? dice.pick(partners) : this.userOf(dice.int(0, partners.length + 6));
  }

  private userOf(index: number): string {
    return `user-${index}`;
  }

  private async join(): Promise<void> {
    const { dice, partners } = this;
    const id = uuidv7();
    const sponsorId =
      partners.length === 0 || dice.chance(0.04)
        ? null
        : dice.chance(this.climate.deep)
          ? partners.at(-1)!
          : dice.pick(partners);
    const userId = this.userOf(partners.length);
    const from = new Date(this.clock);
    await this.changeRules(async (tx) => {
      const names = { firstName: 'Jan', lastName: userId, email: `${userId}@crm.example`, phone: null, locale: null };
      const standing = { status: 'active' as const, referralCode: userId, emailConfirmedAt: from, joinedAt: from };
      await tx.insert(Holder, { id, kind: 'partner' });
      await tx.insert(Partner, { id, userId, sponsorId, ...names, ...standing });
      await openPlacement(tx, { partnerId: id, sponsorId, from, reason: 'joined', placedBy: 'model' });
    });
    partners.push(id);
    if (dice.chance(0.8)) await this.rank(id);
  }

  private async move(): Promise<void> {
    const { dice, partners } = this;
    const order = { partnerId: dice.pick(partners), sponsorId: dice.chance(0.1) ? null : dice.pick(partners) };
    if (order.partnerId === order.sponsorId) return;
    const placements = this.world.app.nest.get(PlacementsService);
    const effectiveAt = this.maybeEarlier();
    await this.world.db.transaction('READ COMMITTED', (tx) =>
      placements.move(tx, { ...order, effectiveAt, reason: 'the model moves', by: { ref: 'model' } }),
    );
  }

  private async standing(): Promise<void> {
    const what = this.dice.weighted({ suspend: 5, reinstate: 3, rank: 4 });
    if (what === 'suspend') return this.suspend(this.dice.pick(this.partners));
    if (what === 'rank') return this.rank(this.dice.pick(this.partners));
    const partnerId = this.dice.pick(this.suspended.length > 0 ? this.suspended : this.partners);
    this.suspended = this.suspended.filter((id) => id !== partnerId);
    await this.changeRules((tx) => endSuspension(tx, partnerId, this.maybeEarlier()));
  }

  private async suspend(partnerId: string): Promise<void> {
    const suspension = { partnerId, from: this.maybeEarlier(), reason: 'the model suspends', by: 'model' };
    await this.changeRules((tx) =>
      refuseOn({ suspension_one_at_a_time: 'ALREADY_SUSPENDED' }, () => openSuspension(tx, suspension)),
    );
    this.suspended.push(partnerId);
  }

  private async rank(partnerId: string): Promise<void> {
    const ranking = { partnerId, rank: this.dice.pick(RANKS), from: this.maybeEarlier(), by: 'model' };
    await this.changeRules((tx) =>
      refuseOn({ partner_rank_one_at_a_time: 'EFFECTIVE_DATE_TAKEN' }, () => replaceRank(tx, ranking)),
    );
  }

  private async link(): Promise<void> {
    const { dice } = this;
    const [clientId, at] = [dice.pick(CLIENTS), this.maybeEarlier()];
    const begins = dice.chance(0.6);
    await this.changeRules((tx) =>
      begins
        ? refuseOn({ client_link_one_bond: 'CLIENT_BONDED' }, () =>
            tx.query(
              `insert into partner_program.client_link (id, partner_id, name, phone, status, client_id, valid, decided_at, decided_by)
               values ($1, $2, $3, $3, 'approved', $3, tstzrange($4, null), $4, 'model')
               on conflict (partner_id, phone) where status in ('submitted', 'approved') do nothing`,
              [uuidv7(), dice.pick(this.partners), clientId, at],
            ),
          )
        : tx.query(
            `update partner_program.client_link set status = 'ended', valid = tstzrange(lower(valid), $2), decided_at = $2
              where client_id = $1 and status = 'approved' and lower(valid) < $2`,
            [clientId, at],
          ),
    );
  }

  private async plan(): Promise<void> {
    const plans = this.world.app.nest.get(PlansService);
    const { id } = await plans.draft(this.draft(), { ref: 'model' });
    const from = this.dice.chance(0.1) ? new Date(this.clock + this.dice.int(1, DAY_MS / 4)) : this.maybeEarlier();
    const effectiveTo = this.dice.chance(0.15) ? new Date(from.getTime() + this.dice.int(1, DAY_MS / 8)) : null;
    await plans.activate(id, { effectiveFrom: from, effectiveTo }, { ref: 'model' });
  }

  private draft(): PlanRules & { name: string } {
    const { dice } = this;
    const kind = dice.chance(0.5) ? 'levels' : 'differential';
    const depth = dice.int(1, 6);
    const first = dice.int(0, 1);
    const levels = Array.from({ length: depth }, (_, n) =>
      dice.chance(0.85)
        ? { level: first + n, rateBps: dice.int(0, Math.floor(10_000 / depth)), amountMinor: null }
        : { level: first + n, rateBps: null, amountMinor: dice.int(0, 20_000) },
    );
    const ranks = RANKS.map((rank, n) => ({ rank, rateBps: (n + 1) * dice.int(10, 3_000) + n }));
    return {
      name: `Plan ${dice.int(1, 5)}`,
      kind,
      currency: dice.pick(CURRENCIES),
      levels: kind === 'levels' ? levels : [],
      ranks: kind === 'differential' ? ranks : [],
      compression: dice.pick(['none', 'skipInactive']),
      holdingDays: dice.pick([0, 0, 7, 90]),
      depth: kind === 'differential' && dice.chance(0.3) ? dice.int(0, 4) : null,
      capBps: dice.chance(0.3) ? dice.int(1, 4_000) : null,
      products: dice.chance(0.25) ? [dice.pick(['solar', 'wind'])] : null,
      contractKinds: dice.chance(0.2) ? ['new'] : null,
      minimumValueMinor: dice.chance(0.2) ? dice.int(0, 2_000_000) : null,
    };
  }

  private async action(): Promise<void> {
    const status = this.dice.pick(STATUSES);
    const usual = USUAL_ACTIONS[status] ?? 'none';
    const action = this.dice.chance(0.6) ? usual : this.dice.pick(['none', 'accrue', 'reverse']);
    await this.setActions({ [status]: action });
  }

  private async setActions(actions: Readonly<Record<string, string>>): Promise<void> {
    const wanted = Object.entries(actions).map(([status, action]) => ({ status, action }));
    await this.changeRules((tx) => setStatusActions(tx, wanted, { from: new Date(this.clock), by: 'model' }));
  }

  /** Now, or as far back as nothing has been calculated since. */
  private maybeEarlier(): Date {
    const earliest = Math.max(this.calculatedUntil + 1, this.clock - 200_000);
    return new Date(this.dice.chance(0.3) && earliest < this.clock ? this.dice.int(earliest, this.clock) : this.clock);
  }

  private async changeRules(work: (tx: EntityManager) => Promise<unknown>): Promise<void> {
    await this.world.db.transaction('READ COMMITTED', async (tx) => {
      await attributeChanges(tx, { ref: 'model' });
      await lockTimeline(tx);
      await work(tx);
    });
    this.clock += 1;
  }
}
