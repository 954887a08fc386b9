import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Actor } from '../../../platform/web/access/actor';
import { PartnersService, seesAll } from '../partners.service';
import { mapRows } from './partner-map.queries';
import type { MapRow } from './partner-map.queries';

/** More than this nobody reads on one picture; the tree row by row goes on from there. */
export const MAX_ON_MAP = 300;

export interface PartnerMap {
  /** Whom the map begins with; null where it shows everybody. */
  readonly from: { readonly id: string; readonly name: string } | null;
  readonly limit: number;
  /** Whether there are more than a map holds; then it holds nobody. */
  readonly tooMany: boolean;
  /** Those above before those below. */
  readonly people: readonly Omit<MapRow, 'depth'>[];
}

/** "Twoi partnerzy" as a picture. @see P11 */
@Injectable()
export class PartnerMapService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partners: PartnersService,
  ) {}

  /**
   * @param from whom the map begins with: oneself for a partner, everybody for holders of `viewAllPartners`
   * @throws Refusal NOT_FOUND for somebody whom the actor may not see
   */
  async of(me: Actor, from?: string): Promise<PartnerMap> {
    const rootId = from ?? (seesAll(me) ? null : me.partner!.id);
    const root = rootId === null ? null : await this.partners.visibleTo(me, rootId);
    const rows = await mapRows(this.db.manager, rootId, MAX_ON_MAP + 1);
    const tooMany = rows.length > MAX_ON_MAP;
    return {
      from: root && { id: root.id, name: `${root.firstName} ${root.lastName}` },
      limit: MAX_ON_MAP,
      tooMany,
      people: tooMany ? [] : rows.map(({ depth: _, ...person }) => person),
    };
  }
}
