import { Get } from '@nestjs/common';
import { OneAtATime } from '../../platform/web/access/one-at-a-time';
import { Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { IntegrityService } from './integrity.service';

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
