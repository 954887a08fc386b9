import { Body, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ChangeContractDto, ChangeStatusDto, CreateContractDto } from './contracts.dto';
import { ContractsService } from './contracts.service';
import { CrmController, ListQuery, pathId } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';

@CrmController('crm/contracts')
export class ContractsController {
  constructor(private readonly contracts: ContractsService) {}

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
  get(@Param('id') id: string) {
    return this.contracts.get(pathId(id));
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
