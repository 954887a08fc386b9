import { Body, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { OneAtATime } from '../../../platform/web/access/one-at-a-time';
import { FormFields, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { SimulateDto, SimulationPageDto } from './simulation.dto';
import { SimulationService } from './simulation.service';

@ProgramController('plans/:versionId/simulation')
@Requires('configure')
export class SimulationController {
  constructor(private readonly simulation: SimulationService) {}

  /** Writes nothing, so that a page may show it: the form asks for it with GET. */
  @Get()
  @OneAtATime()
  @Page('plans/simulation')
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  show(@Param('versionId', ParseUUIDPipe) versionId: string, @Query() { from, to }: SimulationPageDto) {
    return this.simulation.page(versionId, from && to ? { from, to } : undefined);
  }

  @Post()
  @OneAtATime()
  @HttpCode(200)
  @Page('plans/simulation', { form: 'show' })
  @FormFields({ from: 'fromDay', to: 'untilDay' })
  simulate(@Param('versionId', ParseUUIDPipe) versionId: string, @Body() { from, to }: SimulateDto) {
    return this.simulation.simulate(versionId, { from, to });
  }
}
