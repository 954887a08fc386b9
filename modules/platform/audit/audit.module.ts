import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { WebModule } from '../web/web.module';
import { AuditRecord } from './audit-record.entity';
import { AuditController } from './audit.controller';
import { AUDIT_RETENTION } from './audit.queries';
import { AuditService } from './audit.service';

/** Who changed what. Other rooms only sign their transactions; the changed tables write the log. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditRecord]), RetentionModule, WebModule],
  providers: [AuditService],
  controllers: [AuditController],
})
export class AuditModule {
  constructor(retention: RetentionService) {
    retention.register(AUDIT_RETENTION);
  }
}
