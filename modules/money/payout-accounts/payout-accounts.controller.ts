import { Body, Delete, Get, Put } from '@nestjs/common';
import type { Actor, ActorPartner } from '../../platform/web/access/actor';
import { FormFields, Me, MyPartner, Page, ProgramController } from '../../platform/web/program-controller';
import { PayoutAccountDto } from './payout-accounts.dto';
import { PayoutAccountsService } from './payout-accounts.service';

const PAGE = '/partner-program/payout-account';

/** A partner's own account number, masked. */
@ProgramController('payout-account')
export class PayoutAccountsController {
  constructor(private readonly accounts: PayoutAccountsService) {}

  @Get()
  @Page('wallets/payout-account')
  show(@MyPartner() { id }: ActorPartner) {
    return this.accounts.of(id);
  }

  @Put()
  @Page('wallets/payout-account', { form: 'show', redirect: `${PAGE}?done=saved` })
  @FormFields({})
  change(@Me() me: Actor, @Body() account: PayoutAccountDto) {
    return this.accounts.change(me, account);
  }

  @Delete('change')
  @Page('wallets/payout-account', { form: 'show', redirect: `${PAGE}?done=saved` })
  stopChange(@Me() me: Actor) {
    return this.accounts.stopChange(me);
  }
}
