import { Injectable } from '@nestjs/common';
import type { Actor } from '../../web/actor';
import { PartnersService } from '../partners.service';
import type { PartnerListItem } from '../partners.service';

/** More than this many below one partner are not unfolded; the row leads to the list instead. */
const MAX_CHILDREN = 100;

/** One row of the unfolded tree, the rows below it right after it. */
export interface PartnerTreeRow extends PartnerListItem {
  /** 1 for those at the left edge. */
  readonly depth: number;
  readonly isOpen: boolean;
  /** Which rows are open once this one is unfolded or folded: the `open` of the link on it. */
  readonly toggled: string;
  /** Whether some of those below are left out. */
  readonly truncated: boolean;
}

/** "Twoi partnerzy" as a tree: only what is unfolded is read. @see P11 */
@Injectable()
export class PartnerTreeService {
  constructor(private readonly partners: PartnersService) {}

  /** @param find unfolds everything above this partner */
  async of(
    me: Actor,
    { open, find, cursor, limit }: { open: readonly string[]; find?: string; cursor?: string; limit: number },
  ): Promise<{ data: PartnerTreeRow[]; nextCursor: string | null }> {
    const unfolded = new Set(find === undefined ? open : await this.above(me, find));
    const { data, nextCursor } = await this.partners.list(me, { direct: true, sort: 'joinedAt' }, { cursor, limit });
    return { data: await this.unfold(me, data, unfolded, 1), nextCursor };
  }

  private async above(me: Actor, partnerId: string): Promise<string[]> {
    await this.partners.visibleTo(me, partnerId);
    return (await this.partners.upline(me, partnerId)).map(({ id }) => id);
  }

  private async unfold(
    me: Actor,
    partners: readonly PartnerListItem[],
    open: ReadonlySet<string>,
    depth: number,
  ): Promise<PartnerTreeRow[]> {
    const rows: PartnerTreeRow[] = [];
    for (const partner of partners) {
      const { id } = partner;
      const isOpen = open.has(id) && partner.directCount > 0;
      const toggled = [...(isOpen ? [...open].filter((other) => other !== id) : [...open, id])].join(',');
      const below = isOpen ? await this.partners.children(me, id, { limit: MAX_CHILDREN }) : undefined;
      rows.push({ ...partner, depth, isOpen, toggled, truncated: Boolean(below?.nextCursor) });
      if (below) rows.push(...(await this.unfold(me, below.data, open, depth + 1)));
    }
    return rows;
  }
}
