import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsEmail, IsOptional, Length, MaxLength, ValidateIf } from 'class-validator';
import { DataSource, LessThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { PartnerProgram } from '../../modules';
import { Client } from './crm.entities';
import { CrmController, listOf, ListQuery, pathId } from './web/crm-controller';
import { CrmRefusal } from './web/crm-refusal';
import { Then, View } from './web/page.interceptor';

export class CreateClientDto {
  @Length(1, 200) name: string;
  @IsOptional() @IsEmail() @MaxLength(254) email?: string | null;
  @IsOptional() @Length(1, 30) taxId?: string | null;
}

export class ChangeClientDto {
  @ValidateIf((_, value) => value !== undefined) @Length(1, 200) name?: string;
  @IsOptional() @IsEmail() @MaxLength(254) email?: string | null;
  @IsOptional() @Length(1, 30) taxId?: string | null;
}

@CrmController('crm/clients')
export class ClientsController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partnerProgram: PartnerProgram,
  ) {}

  /** Each client with whether the program knows it as a partner. @see P18 */
  @Get()
  @View('clients')
  async list(@Query() { limit, cursor }: ListQuery) {
    const where = cursor === undefined ? {} : { id: LessThan(cursor) };
    const clients = await this.db.manager.find(Client, { where, order: { id: 'DESC' }, take: limit + 1 });
    const list = listOf(clients, limit);
    const flags = await this.partnerProgram.partnerFlags(list.data.map(({ id }) => id));
    const since = new Map(flags.map((flag) => [flag.clientId, flag.since]));
    return {
      ...list,
      data: list.data.map((client) => ({
        ...client,
        isPartner: since.has(client.id),
        partnerSince: since.get(client.id) ?? null,
      })),
    };
  }

  @Post()
  @Then('/crm/clients')
  async create(@Body() body: CreateClientDto) {
    const id = uuidv7();
    await this.db.manager.insert(Client, { ...body, id });
    return this.db.manager.findOneByOrFail(Client, { id });
  }

  @Patch(':id')
  @Then('/crm/clients')
  async change(@Param('id') clientId: string, @Body() body: ChangeClientDto) {
    const id = pathId(clientId);
    const known = await this.db.manager.findOneBy(Client, { id });
    if (!known) throw new CrmRefusal('NOT_FOUND');
    await this.db.manager.save(Client, { ...known, ...body });
    return this.db.manager.findOneByOrFail(Client, { id });
  }
}
