import { Body, Get, Put } from '@nestjs/common';
import type { Actor, ActorPartner } from '../../web/actor';
import { FormFields, Me, MyPartner, Page, ProgramController } from '../../web/program-controller';
import { PayoutAccountDto } from './payout-accounts.dto';
import { PayoutAccountsService } from './payout-accounts.service';

/** A partner's own account number, masked. */
@ProgramController('payout-account')
export class PayoutAccountsController {
  constructor(private readonly accounts: PayoutAccountsService) {}

  @Get()
  @Page('wallets/payout-account')
  async show(@MyPartner() { id }: ActorPartner) {
    return { account: await this.accounts.of(id) };
  }

  @Put()
  @Page('wallets/payout-account', { redirect: '/partner-program/payout-account' })
  @FormFields({})
  async change(@Me() me: Actor, @Body() account: PayoutAccountDto) {
    return { account: await this.accounts.change(me, account) };
  }
}
