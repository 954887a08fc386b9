import { Body, Get, ParseArrayPipe, Put } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { ChangeSettingsDto, StatusActionDto } from './settings.dto';
import { SettingsService } from './settings.service';

@ProgramController('settings')
@Requires('configure')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @Page('settings/settings')
  get() {
    return this.settings.get();
  }

  @Put()
  @Page('settings/settings', { form: 'get', redirect: '/partner-program/settings?done=saved' })
  @FormFields({
    minimumWithdrawalMinor: 'money',
    'minimumWithdrawals.*.amountMinor': 'money',
    requireAcceptance: 'boolean',
    requirePayoutAccount: 'boolean',
  })
  change(@Me() me: Actor, @Body() changes: ChangeSettingsDto) {
    return this.settings.change(me, { ...changes });
  }

  @Get('contract-statuses')
  @Page('settings/contract-statuses')
  async statuses() {
    return this.settings.statusSettings();
  }

  @Put('contract-statuses')
  @Page('settings/contract-statuses', {
    form: 'statuses',
    redirect: '/partner-program/settings/contract-statuses?done=saved',
  })
  @FormFields({ '*.forecastWeightBps': 'percent' })
  async setStatuses(@Me() me: Actor, @Body(listOf(StatusActionDto)) statuses: StatusActionDto[]) {
    return this.settings.setStatusActions(me, statuses);
  }
}

/** A body that is a bare list carries no class for the pipe of all routes. */
function listOf(items: new () => object): ParseArrayPipe {
  return new ParseArrayPipe({
    items,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: () => new Refusal('INVALID_INPUT', { errors: [] }),
  });
}
