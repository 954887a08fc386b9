import { Body, Get, Put } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { ActorPartner } from '../../web/access/actor';
import { FormFields, MyPartner, Page, ProgramController } from '../../web/program-controller';
import { ChangePreferencesDto } from './preferences.dto';
import { preferencesOf, setPreferences } from './preferences.queries';

const PATH = 'notifications/preferences';

/** What a partner wants to hear of, and where. @see S14 */
@ProgramController(PATH)
export class PreferencesController {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  @Get()
  @Page('notifications/preferences')
  async get(@MyPartner() { id }: ActorPartner) {
    return { data: await preferencesOf(this.db.manager, id) };
  }

  @Put()
  @Page('notifications/preferences', { form: 'get', redirect: `/partner-program/${PATH}?done=saved` })
  @FormFields({ 'data.*.email': 'boolean', 'data.*.portal': 'boolean' })
  change(@MyPartner() { id }: ActorPartner, @Body() { data }: ChangePreferencesDto) {
    return this.db.transaction(async (tx) => {
      await setPreferences(tx, id, data);
      return { data: await preferencesOf(tx, id) };
    });
  }
}
