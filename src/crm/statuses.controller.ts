import { Body, Get, Post } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsInt, Length, Matches, Max, Min } from 'class-validator';
import { DataSource } from 'typeorm';
import { ContractStatus } from './crm.entities';
import { AdminOnly } from './web/access.guard';
import { CrmController } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';

export class StatusDto {
  @Matches(/^[A-Za-z][A-Za-z0-9_-]{0,49}$/) key: string;
  @Length(1, 100) label: string;
  @IsInt() @Min(0) @Max(1000) position: number;
}

@CrmController('crm/statuses')
@AdminOnly()
export class StatusesController {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  @Get()
  @View('statuses')
  async list() {
    const data = await this.db.manager.find(ContractStatus, { order: { position: 'ASC', key: 'ASC' } });
    return { data, nextCursor: null };
  }

  /** A status is known by its key: sending one again renames or moves it. */
  @Post()
  @Then('/crm/statuses')
  async put(@Body() { key, label, position }: StatusDto) {
    await this.db.manager.upsert(ContractStatus, { key, label, position }, ['key']);
    return { key, label, position };
  }
}
