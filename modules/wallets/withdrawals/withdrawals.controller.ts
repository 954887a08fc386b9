import { Body, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import { SettingsService } from '../../settings/settings.service';
import type { Actor, ActorPartner } from '../../web/actor';
import { FormFields, Me, MyPartner, Page, ProgramController, Requires } from '../../web/program-controller';
import { Repeatable } from '../idempotency/idempotency.dto';
import type { Attempt } from '../idempotency/idempotency.queries';
import { PayoutAccountsService } from '../payout-accounts/payout-accounts.service';
import { WalletsService } from '../wallets.service';
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
    private readonly settings: SettingsService,
  ) {}

  @Post()
  @Page('withdrawals/request', { redirect: '/partner-program' })
  @FormFields({ amountMinor: 'money' })
  request(@Me() me: Actor, @Body() ask: RequestWithdrawalDto, @Repeatable() attempt?: Attempt) {
    return this.withdrawals.request(me, ask, attempt);
  }

  @Get()
  @Requires('self', 'manageBalances')
  @Page('withdrawals/withdrawals')
  list(@Me() me: Actor, @Query() { status, cursor, limit = 25 }: WithdrawalsQueryDto) {
    return this.withdrawals.list(me, status, { cursor, limit });
  }

  /** What the form for a request has to know. @see S2 */
  @Get('request')
  @Page('withdrawals/request')
  async form(@MyPartner() { id }: ActorPartner) {
    const { minimumWithdrawalMinor } = await this.settings.get();
    return {
      wallets: await this.wallets.of(id),
      pendingWithdrawal: await this.withdrawals.pendingOf(id),
      ...(await this.accounts.of(id)),
      minimumMinor: minimumWithdrawalMinor,
    };
  }

  /** The payments still to be made, for a bank: a table, or ISO 20022 pain.001. */
  @Get('payment-file')
  @Requires('manageBalances')
  async paymentFile(@Me() me: Actor, @Query() { format, ids }: PaymentFileDto) {
    const { content, name, type } = await this.files.write(me, format, ids);
    return new StreamableFile(content, { type, disposition: `attachment; filename="${name}"` });
  }

  @Post('payouts')
  @HttpCode(200)
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { redirect: `${LIST}?status=:tab&paid=:paid&refused=:refused` })
  @FormFields({})
  async payAll(@Me() me: Actor, @Body() { ids, reference }: PayoutsDto, @Repeatable() attempt?: Attempt) {
    const { results } = await this.bulk.pay(me, ids, reference, attempt);
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

  @Post(':id/cancellation')
  cancel(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Repeatable() attempt?: Attempt) {
    return this.withdrawals.cancel(me, id, attempt);
  }

  @Post(':id/payout')
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { redirect: `${LIST}?status=:tab&done=paid` })
  @FormFields({})
  pay(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reference }: PayoutDto,
    @Repeatable() attempt?: Attempt,
  ) {
    return this.withdrawals.pay(me, id, reference, attempt);
  }

  @Post(':id/rejection')
  @Requires('manageBalances')
  @Page('withdrawals/withdrawals', { redirect: `${LIST}?status=:tab&done=rejected` })
  @FormFields({})
  reject(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: RejectionDto,
    @Repeatable() attempt?: Attempt,
  ) {
    return this.withdrawals.reject(me, id, reason, attempt);
  }
}
