import { Get } from '@nestjs/common';
import { IntegrityService } from '../ledger/integrity.service';
import { Page, ProgramController, Requires } from '../web/program-controller';

@ProgramController('integrity')
@Requires('configure')
export class IntegrityController {
  constructor(private readonly integrity: IntegrityService) {}

  @Get()
  @Page('integrity/integrity')
  check() {
    return this.integrity.check();
  }
}
