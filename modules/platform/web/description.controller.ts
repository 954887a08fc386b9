import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Get } from '@nestjs/common';
import { PACKAGE_ROOT } from './pages/template-files';
import { Open, ProgramController } from './program-controller';

/** The API described for programs, as `openapi.json` of the package: OpenAPI 3.1. */
@ProgramController('openapi.json')
@Open()
export class DescriptionController {
  private document?: object;

  @Get()
  show(): object {
    return (this.document ??= JSON.parse(readFileSync(join(PACKAGE_ROOT, 'openapi.json'), 'utf8')) as object);
  }
}
