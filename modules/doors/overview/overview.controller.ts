import { Get } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { OverviewService } from './overview.service';

/** Where administrators begin. @see P24 */
@ProgramController('overview')
@Requires('manageBalances', 'configure', 'viewAllPartners')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Get()
  @Page('overview/overview')
  show(@Me() me: Actor) {
    return this.overview.of(me);
  }
}
