import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Refusal } from '../../kernel/refusal';
import { balancesOf } from '../../ledger/balances.queries';
import { partnerJson } from '../../people/partners/partner-json';
import { Partner } from '../../people/partners/partner.entity';
import type { Actor } from '../../platform/web/access/actor';
import { ERASED_AFTER_DAYS } from './leaving/erase-date';
import { LeavingService } from './leaving/leaving.service';
import type { ContactDto } from './profile.dto';
import { acceptancesBy, setContact } from './profile.queries';

/** What is stored about the person who asks, and what the person may change of it. @see S14 */
@Injectable()
export class ProfileService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly leaving: LeavingService,
  ) {}

  async of(me: Actor) {
    const { id, status } = me.partner!;
    const { manager } = this.db;
    const partner = await manager.findOneByOrFail(Partner, { id });
    const wallets = (await balancesOf(manager, [id])).get(id) ?? [];
    return {
      ...partnerJson(partner),
      status,
      locale: me.locale,
      fromCrm: me.userId !== null,
      acceptances: (await acceptancesBy(manager, id)).map(({ sha256: _, ip: __, ...acceptance }) => acceptance),
      leaving: {
        obstacle: (await this.leaving.obstacle(id, true)) ?? null,
        forfeits: wallets
          .filter(({ totalMinor }) => totalMinor > 0)
          .map(({ currency, totalMinor }) => ({ amountMinor: totalMinor, currency })),
        erasedAfterDays: ERASED_AFTER_DAYS,
      },
    };
  }

  /** @throws Refusal NO_OWN_LOGIN for people whose data is the CRM's */
  async change(me: Actor, { firstName, lastName, phone, locale }: ContactDto) {
    if (me.userId !== null) throw new Refusal('NO_OWN_LOGIN');
    await setContact(this.db.manager, me.partner!.id, { firstName, lastName, phone: phone ?? null, locale });
    return this.of({ ...me, locale });
  }
}
