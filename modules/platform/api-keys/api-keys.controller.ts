import { Body, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common';
import type { Actor } from '../web/access/actor';
import { PeopleGuard } from '../web/access/people.guard';
import { SCOPES } from '../web/access/scopes';
import { FormFields, Me, Page, ProgramController, Requires } from '../web/program-controller';
import type { ApiKey } from './api-key.entity';
import { MakeApiKeyDto } from './api-keys.dto';
import { ApiKeysService } from './api-keys.service';

/** Only people make and end keys; a key itself never does. */
@UseGuards(PeopleGuard)
@ProgramController('settings/api-keys')
@Requires('configure')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Page('api-keys/api-keys')
  async list() {
    const keys = await this.keys.list();
    return { data: keys.map(keyJson), nextCursor: null, scopes: SCOPES };
  }

  /** The one answer that holds the key. */
  @Post()
  @Page('api-keys/new-key', { form: 'list', shownOnce: true })
  @FormFields({ expiresAt: 'untilDay' })
  async make(@Me() me: Actor, @Body() wanted: MakeApiKeyDto) {
    return keyJson(await this.keys.make(wanted, me));
  }

  @Delete(':id')
  @HttpCode(204)
  @Page('api-keys/api-keys', { form: 'list', redirect: '/partner-program/settings/api-keys' })
  revoke(@Me() me: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.keys.revoke(id, me);
  }
}

function keyJson<Key extends ApiKey>({ keyHash: _, createdBy: __, ...key }: Key): Omit<Key, 'keyHash' | 'createdBy'> {
  return key;
}
