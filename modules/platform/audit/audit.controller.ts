import { Get, Query, StreamableFile } from '@nestjs/common';
import type { Actor } from '../web/access/actor';
import { OneAtATime } from '../web/access/one-at-a-time';
import { FormFields, Me, Page, ProgramController, Requires } from '../web/program-controller';
import { AUDIT_ACTIONS } from './audit-actions';
import { AuditFilterDto, AuditQueryDto } from './audit.dto';
import { AuditService } from './audit.service';

const PERIOD = { from: 'fromDay', to: 'untilDay' } as const;

/** Who changed what, to be read only. @see S15 */
@ProgramController()
@Requires('manageBalances', 'configure')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get('audit')
  @Page('audit/audit')
  @FormFields(PERIOD)
  async list(@Me() { locale }: Actor, @Query() { limit = 25, cursor, ...filter }: AuditQueryDto) {
    return { ...(await this.audit.list(filter, { cursor, limit }, locale)), actions: AUDIT_ACTIONS };
  }

  @Get('audit.csv')
  @OneAtATime()
  @FormFields(PERIOD)
  csv(@Me() { locale }: Actor, @Query() filter: AuditFilterDto): StreamableFile {
    return new StreamableFile(this.audit.csv(filter, locale), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="audit.csv"',
    });
  }
}
