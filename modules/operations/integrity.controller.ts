import { Get } from '@nestjs/common';
import { IntegrityService } from '../ledger/integrity.service';
import { OneAtATime } from '../web/one-at-a-time';
import { Page, ProgramController, Requires } from '../web/program-controller';

@ProgramController('integrity')
@Requires('configure')
export class IntegrityController {
  constructor(private readonly integrity: IntegrityService) {}

  @Get()
  @OneAtATime()
  @Page('integrity/integrity')
  check() {
    return this.integrity.check();
  }
}
