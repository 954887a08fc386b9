import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { lockTimeline } from '../../../platform/timeline/timeline.queries';
import { Partner } from '../partner.entity';
import type { Newcomer } from '../partners.service';
import { comeBack, markLeft, standStill } from './departures.queries';

/** Partners who leave the program, and CRM users who come back to it. The place in the tree stays what it was. */
@Injectable()
export class DeparturesService {
  /**
   * From now on this is a former partner, who earns nothing, whose links are dead and whose address is free. What was
   * earned before stays, and so does the downline.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @throws Refusal NOT_A_PARTNER
   */
  async leave(tx: EntityManager, partnerId: string, by: string): Promise<{ leftAt: Date }> {
    const { moment } = await lockTimeline(tx);
    if (!(await markLeft(tx, partnerId, moment))) throw new Refusal('NOT_A_PARTNER');
    await standStill(tx, partnerId, moment, by);
    return { leftAt: moment };
  }

  /**
   * Makes a former partner of the CRM's own staff a partner again, in the same place, with the data of today.
   *
   * @param tx a transaction in which nothing ran before: the tree is locked first
   * @returns null where this user never left
   * @throws Refusal EMAIL_TAKEN
   */
  async comeBack(tx: EntityManager, newcomer: Newcomer): Promise<Partner | null> {
    const { moment } = await lockTimeline(tx);
    const id = await refuseOn({ partner_email_key: 'EMAIL_TAKEN' }, () => comeBack(tx, newcomer, moment));
    return id === undefined ? null : tx.findOneByOrFail(Partner, { id });
  }
}
