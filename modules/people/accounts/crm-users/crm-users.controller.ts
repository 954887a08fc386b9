import { Body, Param, ParseUUIDPipe, Put } from '@nestjs/common';
import { IsNotEmpty, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { partnerJson } from '../../partners/partner-json';
import { PartnersController } from '../../partners/partners.controller';
import type { Actor } from '../../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { Trimmed } from '../../../platform/web/request/field-rules';
import { CrmUsersService } from './crm-users.service';

export class TieUserDto {
  /** The host's id of a user; left out or null, the partner has no CRM account. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(100) userId?: string | null;
  @Trimmed() @IsString() @Length(10, 500) reason: string;
}

/** The page with the form. */
const PARTNER = () => ({ controller: PartnersController, method: 'get' });

/** Which CRM user a partner is. @see P22 */
@ProgramController('partners/:id/user')
@Requires('configure')
export class CrmUsersController {
  constructor(private readonly users: CrmUsersService) {}

  @Put()
  @Page('partners/partner', { form: PARTNER, redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({})
  async tie(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { userId = null, reason }: TieUserDto) {
    const partner = await this.users.tie(me, id, userId, reason);
    return { ...partnerJson(partner), userId: partner.userId };
  }
}
