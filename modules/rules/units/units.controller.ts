import { Body, Get, Param, Patch, Post } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { Me, ProgramController, Requires } from '../../platform/web/program-controller';
import { ChangeUnitDto, DefineUnitDto } from './units.dto';
import { UnitsService } from './units.service';

/** The units of the program's own; the currencies of ISO 4217 are there without being named. */
@ProgramController('units')
@Requires('configure')
export class UnitsController {
  constructor(private readonly units: UnitsService) {}

  @Get()
  list() {
    return { data: this.units.list() };
  }

  @Post()
  define(@Me() me: Actor, @Body() unit: DefineUnitDto) {
    return this.units.define(me, unit);
  }

  @Patch(':code')
  change(@Me() me: Actor, @Param('code') code: string, @Body() changes: ChangeUnitDto) {
    return this.units.change(me, code, { ...changes });
  }
}
