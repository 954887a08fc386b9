import { Body, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Repeatable } from '../../platform/idempotency/idempotency.dto';
import type { RepeatableRequest } from '../../platform/idempotency/idempotency.queries';
import { Program } from '../../platform/program/program.service';
import type { Actor, ActorPartner } from '../../platform/web/access/actor';
import { FormFields, Me, MyPartner, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { PayoutAccountsService } from '../payout-accounts/payout-accounts.service';
import { WalletsService } from '../wallets/wallets.service';
import { BulkPayoutsService } from './bulk-payouts.service';
import { PaymentFilesService } from './payment-files.service';
import {
  PaymentFileDto,
  PayoutDto,
  PayoutsDto,
  RejectionDto,
  RequestWithdrawalDto,
  WithdrawalsQueryDto,
} from './withdrawals.dto';
import { WithdrawalsService } from './withdrawals.service';

const LIST = '/partner-program/withdrawals';

@ProgramController('withdrawals')
export class WithdrawalsController {
  constructor(
    private readonly withdrawals: WithdrawalsService,
    private readonly bulk: BulkPayoutsService,
    private readonly files: PaymentFilesService,
    private readonly wallets: WalletsService,
    private readonly accounts: PayoutAccountsService,
    private readonly program: Program,
  ) {}

  @Post()
  @Page('withdrawals/request', { form: 'form', redirect: `${LIST}/:id` })
  @FormFields({ amountMinor: 'money' })
  request(@Me() me: Actor, @Body() ask: RequestWithdrawalDto, @Repeatable() repeatable?: RepeatableRequest) {
    return this.withdrawals.request(me, ask, repeatable);
  }

  @Get()
  @Requires('self', 'manageBalances')
  @Page('withdrawals/withdrawals')
  list(@Me() me: Actor, @Query() { status, sort, cursor, limit = 25 }: WithdrawalsQueryDto) {
    return this.withdrawals.list(me, { status, oldestFirst: sort === 'requestedAt' }, { cursor, limit });
  }

  /** What the form for a request has to know. @see S2 */
  @Get('request')
  @Page('withdrawals/request')
  async form(@MyPartner() { id }: ActorPartner) {
    const { currency, minimumWithdrawals, requirePayoutAccount } = this.program.now;
    const minimumOf = (code: string) => minimumWithdrawals.find(({ unit }) => unit === code)?.amountMinor ?? 0;
    const wallets = await this.wallets.of(id);
    return {
      wallets: wallets.map((wallet) => ({ ...wallet, minimumMinor: minimumOf(wallet.currency) })),
      pendingWithdrawal: await this.withdrawals.pendingOf(id),
      ...(await this.accounts.of(id)),
      minimumMinor: minimumOf(currency),
      accountRequired: requirePayoutAccount,
    };
  }

  /**
   * The payments still to be made, for a bank: a table, or ISO 20022 pain.001. The header `leftOut` counts the requests that
   * wait and are not in it: they cannot be paid now, or another file holds them already and `again` does not ask for them.
   */
  @Get('payment-file')
  @Requires('manageBalances')
  async paymentFile(
    @Me() me: Actor,
    @Query() { format, ids, again }: PaymentFileDto,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { content, name, type, leftOut } = await this.files.write(me, format, { ids, again });
    response.setHeader('leftOut', leftOut);
    return new StreamableFile(content, { type, disposition: `attachment; filename="${name}"` });
  }

  @Post('payouts')
  @HttpCode(200)
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { form: 'list', redirect: `${LIST}?status=:tab&paid=:paid&refused=:refused` })
  @FormFields({})
  async payAll(@Me() me: Actor, @Body() { ids, reference }: PayoutsDto, @Repeatable() repeatable?: RepeatableRequest) {
    const { results } = await this.bulk.pay(me, ids, reference, repeatable);
    const refused = results.filter(({ status }) => status === 'refused');
    const paid = results.length - refused.length;
    return { results, paid, refused: refused.map(({ id, code }) => `${id}:${code}`).join(',') };
  }

  @Get(':id')
  @Requires('self', 'manageBalances')
  @Page('withdrawals/withdrawal')
  one(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.withdrawals.one(me, id);
  }

  /** Takes the present payout account over. @see P23 */
  @Post(':id/account')
  @Page('withdrawals/withdrawals', { form: ['list', 'one', 'form'] })
  @FormFields({})
  direct(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string) {
    return this.withdrawals.direct(me, id);
  }

  @Post(':id/cancellation')
  @Page('withdrawals/withdrawals', { form: ['list', 'one', 'form'] })
  cancel(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Repeatable() repeatable?: RepeatableRequest) {
    return this.withdrawals.cancel(me, id, repeatable);
  }

  @Post(':id/payout')
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { form: ['list', 'one'], redirect: `${LIST}?status=:tab&done=paid` })
  @FormFields({})
  pay(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reference }: PayoutDto,
    @Repeatable() repeatable?: RepeatableRequest,
  ) {
    return this.withdrawals.pay(me, id, reference, repeatable);
  }

  @Post(':id/rejection')
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { form: ['list', 'one'], redirect: `${LIST}?status=:tab&done=rejected` })
  @FormFields({})
  reject(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RejectionDto,
    @Repeatable() repeatable?: RepeatableRequest,
  ) {
    return this.withdrawals.reject(me, id, reason, repeatable);
  }
}
