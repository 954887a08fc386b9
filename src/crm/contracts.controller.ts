import { Body, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { PartnerProgram } from '../../modules';
import { ChangeContractDto, ChangeStatusDto, CreateContractDto } from './contracts.dto';
import { ContractsService } from './contracts.service';
import { userOf } from './web/access.guard';
import { CrmController, ListQuery, pathId } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';

@CrmController('crm/contracts')
export class ContractsController {
  constructor(
    private readonly contracts: ContractsService,
    private readonly partnerProgram: PartnerProgram,
  ) {}

  @Get()
  @View('contracts', { choices: ['clients', 'users'] })
  list(@Query() query: ListQuery) {
    return this.contracts.list(query);
  }

  @Post()
  @Then('/crm/contracts')
  create(@Body() body: CreateContractDto) {
    return this.contracts.create(body);
  }

  @Get(':id')
  @View('contract', { choices: ['statuses'] })
  async get(@Param('id') id: string, @Req() request: Request) {
    const contract = await this.contracts.get(pathId(id));
    return { ...contract, line: await this.partnerProgram.lineOf(contract.id, userOf(request)!.id) };
  }

  @Patch(':id')
  @Then('/crm/contracts/:id')
  change(@Param('id') id: string, @Body() body: ChangeContractDto) {
    return this.contracts.change(pathId(id), body);
  }

  @Post(':id/status')
  @HttpCode(200)
  @Then('/crm/contracts/:id')
  changeStatus(@Param('id') id: string, @Body() body: ChangeStatusDto) {
    return this.contracts.changeStatus(pathId(id), body);
  }
}
