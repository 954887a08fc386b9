import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebModule } from '../web/web.module';
import { AuditController } from './audit.controller';
import { AuditRecord } from './audit-record.entity';
import { AuditService } from './audit.service';

/** Who changed what. Other rooms only sign their transactions; the changed tables write the log. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditRecord]), WebModule],
  providers: [AuditService],
  controllers: [AuditController],
})
export class AuditModule {}
