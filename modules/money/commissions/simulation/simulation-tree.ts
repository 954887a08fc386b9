import type { PlanVersionRules } from '../../../rules/plans/plan-rules';
import type { CommissionTerm, UplineMember } from '../calculation/commission-split';

/** A validity range in milliseconds since 1970, its end without; infinite where it is open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Everybody from a seller up to the top, as they stood in a stretch of time. */
export interface PathInTime extends Stretch {
  /** By their numbers, the seller first; empty when the seller was no partner then. */
  readonly partners: readonly number[];
  /** The same partners; their ids are their numbers as text. */
  readonly upline: readonly UplineMember[];
  /** What each plan grants them, as far as it was asked for. */
  readonly terms: Map<PlanVersionRules | null, readonly CommissionTerm[]>;
}

/** How many paths are remembered before all are forgotten: each is found again by a walk. */
const REMEMBERED_PATHS = 100_000;

/**
 * Where everybody stood and how, of all time, in memory and walked as of any moment. Partners are known by their
 * number (`partner.seq`), which begins at 1; 0 stands for nobody.
 */
export class TreeInTime {
  private used = 0;
  private readonly latest: Int32Array;
  private readonly earlier: Int32Array;
  private readonly sponsors: Int32Array;
  private readonly froms: Float64Array;
  private readonly tos: Float64Array;
  private readonly suspensions = new Map<number, Stretch[]>();
  private readonly ranks = new Map<number, (Stretch & { readonly rank: string })[]>();
  private readonly paths = new Map<number, PathInTime>();

  /**
   * @param partners   the highest number of a partner
   * @param placements how many there are
   */
  constructor(
    readonly partners: number,
    placements: number,
  ) {
    this.latest = new Int32Array(partners + 1).fill(-1);
    this.earlier = new Int32Array(placements);
    this.sponsors = new Int32Array(placements);
    this.froms = new Float64Array(placements);
    this.tos = new Float64Array(placements);
  }

  addPlacement(partner: number, sponsor: number, { from, to }: Stretch): void {
    const index = this.used++;
    this.earlier[index] = this.latest[partner]!;
    this.latest[partner] = index;
    this.sponsors[index] = sponsor;
    this.froms[index] = from;
    this.tos[index] = to;
  }

  addSuspension(partner: number, stretch: Stretch): void {
    this.suspensions.set(partner, [...(this.suspensions.get(partner) ?? []), stretch]);
  }

  addRank(partner: number, rank: string, stretch: Stretch): void {
    this.ranks.set(partner, [...(this.ranks.get(partner) ?? []), { ...stretch, rank }]);
  }

  /** The path from a seller to the top as of a moment; most contracts of a seller share one. */
  pathOf(seller: number, at: number): PathInTime {
    const known = this.paths.get(seller);
    if (known && known.from <= at && at < known.to) return known;
    if (this.paths.size >= REMEMBERED_PATHS) this.paths.clear();
    const path = this.walk(seller, at);
    this.paths.set(seller, path);
    return path;
  }

  private walk(seller: number, at: number): PathInTime {
    const stretch = new Unchanged(at);
    const partners: number[] = [];
    const upline: UplineMember[] = [];
    for (let partner = seller; partner !== 0;) {
      const placement = this.placementAt(partner, stretch);
      if (placement === -1) break;
      const suspended = stretch.inForce(this.suspensions.get(partner));
      const rank = stretch.inForce(this.ranks.get(partner));
      partners.push(partner);
      upline.push({ partnerId: String(partner), active: suspended === undefined, rank: rank?.rank ?? null });
      partner = this.sponsors[placement]!;
    }
    return { from: stretch.from, to: stretch.to, partners, upline, terms: new Map() };
  }

  private placementAt(partner: number, stretch: Unchanged): number {
    let found = -1;
    for (let index = this.latest[partner]!; index !== -1; index = this.earlier[index]!) {
      if (stretch.holds(this.froms[index]!, this.tos[index]!)) found = index;
    }
    return found;
  }
}

/** The time around a moment in which nothing changes of all that was looked at. */
class Unchanged {
  from = -Infinity;
  to = Infinity;

  constructor(private readonly at: number) {}

  /** Whether the moment lies between two changes. */
  holds(from: number, to: number): boolean {
    this.narrow(from);
    this.narrow(to);
    return from <= this.at && this.at < to;
  }

  inForce<T extends Stretch>(stretches: readonly T[] = []): T | undefined {
    let found: T | undefined;
    for (const stretch of stretches) if (this.holds(stretch.from, stretch.to)) found = stretch;
    return found;
  }

  private narrow(change: number): void {
    if (change <= this.at) this.from = Math.max(this.from, change);
    else this.to = Math.min(this.to, change);
  }
}
