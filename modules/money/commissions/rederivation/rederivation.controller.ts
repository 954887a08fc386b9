import { Get } from '@nestjs/common';
import { OneAtATime } from '../../../platform/web/access/one-at-a-time';
import { Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { RederivationService } from './rederivation.service';

@ProgramController('rederivation')
@Requires('configure')
export class RederivationController {
  constructor(private readonly rederivation: RederivationService) {}

  @Get()
  @OneAtATime()
  @Page('commissions/rederivation')
  check() {
    return this.rederivation.check();
  }
}
