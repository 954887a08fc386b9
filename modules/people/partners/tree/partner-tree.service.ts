import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/web/access/actor';
import { PartnersService, seesAll } from '../partners.service';
import type { PartnerListItem } from '../partners.service';

/** So many of those below a partner are shown at first, and so many more at each step. */
const STEP = 50;
const MAX_CHILDREN = 1_000;
/** Of a longer way up only the lower end is unfolded; the tree then begins there. */
const MAX_PATH = 50;
const MAX_MATCHES = 10;

/** One row of the unfolded tree, the rows below it right after it. */
export interface PartnerTreeRow extends PartnerListItem {
  /** 1 for those at the left edge. */
  readonly depth: number;
  readonly isOpen: boolean;
  /** Which rows are open once this one is unfolded or folded: the `open` of the link on it. */
  readonly toggled: string;
  /** The place among those below the same partner, from 1; null for one who is shown out of turn. */
  readonly place: number | null;
  /** How many stand below the same partner; -1 where nobody counted. */
  readonly siblings: number;
  /** On the last row shown below partners who have more: who they are, and the `open` that shows more of them. */
  readonly more?: readonly { readonly name: string; readonly depth: number; readonly open: string }[];
}

export interface PartnerTree {
  readonly data: readonly PartnerTreeRow[];
  readonly nextCursor: string | null;
  /** Who stands at the left edge, where the tree does not begin at the top. */
  readonly from: string | null;
  /** Whom the page was asked to show, with everybody above, the top first. */
  readonly focus?: { readonly id: string; readonly name: string; readonly upline: readonly Named[] };
}

/** What the tree is asked for; `open` holds ids, each with `~n` where more than the first few below are shown. */
interface TreeQuestion {
  readonly open: readonly string[];
  readonly focus?: string;
  readonly from?: string;
  readonly cursor?: string;
  readonly limit: number;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What is unfolded: how many are shown below whom, and who must be among them. */
interface Unfolding {
  readonly me: Actor;
  readonly shown: ReadonlyMap<string, number>;
  readonly wanted: ReadonlyMap<string, string>;
}

/** "Twoi partnerzy" as a tree: only what is unfolded is read. @see P11 */
@Injectable()
export class PartnerTreeService {
  constructor(private readonly partners: PartnersService) {}

  /** @throws Refusal NOT_FOUND for a focus, or a beginning, that the actor may not see */
  async of(me: Actor, { open, focus, from, cursor, limit }: TreeQuestion): Promise<PartnerTree> {
    if (from !== undefined) await this.partners.visibleTo(me, from);
    const focused = focus === undefined ? undefined : await this.focused(me, focus);
    const isOwn = focus === me.partner?.id && !seesAll(me);
    const path = focused && !isOwn ? [...focused.upline.map(({ id }) => id), focused.id].slice(-MAX_PATH) : [];
    const shown = new Map([...open.map(tokenOf), ...path.slice(0, -1).map((id) => [id, STEP] as const)]);
    const wanted = new Map(path.slice(1).map((id, above) => [path[above]!, id]));
    const start = from ?? (path.length === MAX_PATH ? path[0] : undefined);
    const { data, nextCursor } = start
      ? { data: await this.partners.rows(me, [start]), nextCursor: null }
      : await this.partners.list(me, { direct: true, sort: 'joinedAt' }, { cursor, limit });
    const roots = start ? data : await this.withWanted(me, data, path[0]);
    const siblings = cursor === undefined && nextCursor === null && data.length === roots.length ? data.length : -1;
    const rows = await this.unfold({ me, shown, wanted }, roots, { depth: 1, siblings, inTurn: data.length });
    return { data: rows, nextCursor, from: start ?? null, ...(focused && { focus: focused }) };
  }

  /** Whom one could look at in the tree, by name or address. */
  async search(me: Actor, search: string) {
    const { data } = await this.partners.list(me, { search, placed: true, sort: 'name' }, { limit: MAX_MATCHES });
    return { data: [], nextCursor: null, from: null, matches: data };
  }

  private async focused(me: Actor, partnerId: string): Promise<NonNullable<PartnerTree['focus']>> {
    const { id, firstName, lastName } = await this.partners.visibleTo(me, partnerId);
    const upline = (await this.partners.upline(me, partnerId)).toReversed();
    return { id, name: `${firstName} ${lastName}`, upline: seesAll(me) ? upline : upline.slice(1) };
  }

  /** A partner on the way to the focus stands among the others even where a thousand joined before. */
  private async withWanted(me: Actor, rows: readonly PartnerListItem[], wanted: string | undefined) {
    if (wanted === undefined || rows.some(({ id }) => id === wanted)) return rows;
    return [...rows, ...(await this.partners.rows(me, [wanted]))];
  }

  private async unfold(
    unfolding: Unfolding,
    partners: readonly PartnerListItem[],
    { depth, siblings, inTurn }: { depth: number; siblings: number; inTurn: number },
  ): Promise<PartnerTreeRow[]> {
    const { me, shown, wanted } = unfolding;
    const rows: PartnerTreeRow[] = [];
    for (const [index, partner] of partners.entries()) {
      const { id, directCount } = partner;
      const limit = shown.get(id) ?? 0;
      const isOpen = limit > 0 && directCount > 0;
      const place = index < inTurn ? index + 1 : null;
      rows.push({ ...partner, depth, isOpen, toggled: toggled(shown, id, isOpen), place, siblings });
      if (!isOpen) continue;
      const below = await this.partners.children(me, id, { limit });
      const children = await this.withWanted(me, below.data, wanted.get(id));
      const level = { depth: depth + 1, siblings: directCount, inTurn: below.data.length };
      rows.push(...(await this.unfold(unfolding, children, level)));
      if (below.nextCursor === null || limit >= MAX_CHILDREN) continue;
      const name = `${partner.firstName} ${partner.lastName}`;
      const more = { name, depth: depth + 1, open: openParam(new Map([...shown, [id, limit + STEP]])) };
      const last = rows.pop()!;
      rows.push({ ...last, more: [...(last.more ?? []), more] });
    }
    return rows;
  }
}

function tokenOf(token: string): readonly [id: string, shown: number] {
  const [id = '', shown] = token.toLowerCase().split('~');
  return [id, Math.min(Math.max(Number(shown ?? STEP), STEP), MAX_CHILDREN)];
}

function openParam(shown: ReadonlyMap<string, number>): string {
  return [...shown].map(([id, count]) => (count === STEP ? id : `${id}~${count}`)).join(',');
}

function toggled(shown: ReadonlyMap<string, number>, id: string, isOpen: boolean): string {
  const others = [...shown].filter(([other]) => other !== id);
  return openParam(new Map(isOpen ? others : [...others, [id, STEP]]));
}
