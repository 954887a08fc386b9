import { Get } from '@nestjs/common';
import { Page, ProgramController, Requires } from '../../web/program-controller';
import { RederivationService } from './rederivation.service';

@ProgramController('rederivation')
@Requires('configure')
export class RederivationController {
  constructor(private readonly rederivation: RederivationService) {}

  @Get()
  @Page('commissions/rederivation')
  check() {
    return this.rederivation.check();
  }
}
