import { Body, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { IsInt, IsOptional, IsUUID, Length, Matches, Max, Min, ValidateIf } from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../../modules';
import { ContractsService } from './contracts.service';
import { CrmController, ListQuery, pathId } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';

export class CreateContractDto {
  @Length(1, 100) number: string;
  @IsUUID() clientId: string;
  @IsUUID() sellerId: string;
  @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) valueMinor: number;
  @Matches(/^[A-Z]{3}$/) currency: string;
  @IsOptional() @Length(1, 200) product?: string | null;
}

export class ChangeContractDto {
  @ValidateIf((_, value) => value !== undefined) @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) valueMinor?: number;
  @IsOptional() @Length(1, 200) product?: string | null;
}

export class ChangeStatusDto {
  @Length(1, 50) status: string;
  /** The share of the base that is given back, where the status reverses; all of it when left out. */
  @IsOptional() @IsInt() @Min(1) @Max(10_000) refundBps?: number | null;
}

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
