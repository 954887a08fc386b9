import { Get } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { Me, Page, ProgramController } from '../../platform/web/program-controller';
import { DashboardService } from './dashboard.service';

/** What a partner sees first. @see P7 P15 */
@ProgramController()
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  @Get()
  @Page('dashboard/dashboard')
  show(@Me() me: Actor) {
    return this.dashboard.of(me);
  }
}
