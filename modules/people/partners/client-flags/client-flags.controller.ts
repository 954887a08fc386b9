import { Body, Get, Param, ParseUUIDPipe, Put, Query } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Actor } from '../../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { PartnersController } from '../partners.controller';
import { ClientFlagsService } from './client-flags.service';

export class ClientFlagsQueryDto {
  /** `?ids=a,b,c`, at most 200. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(100, { each: true })
  ids: string[];
}

export class LinkClientDto {
  /** The host's id of the client; left out or null, the partner is no client in particular. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(100) clientId?: string | null;
}

/** The page with the form of the link. */
const PARTNER = () => ({ controller: PartnersController, method: 'get' });

@ProgramController()
@Requires('participate')
export class ClientFlagsController {
  constructor(private readonly flags: ClientFlagsService) {}

  @Get('clients/flags')
  async list(@Query() { ids }: ClientFlagsQueryDto) {
    return { data: await this.flags.of(ids), nextCursor: null };
  }

  @Put('partners/:id/client')
  @Requires('configure')
  @Page('partners/partner', { form: PARTNER, redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({})
  link(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { clientId = null }: LinkClientDto) {
    return this.flags.link(me, id, clientId);
  }
}
