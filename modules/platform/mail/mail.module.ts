import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module';
import { MetricsModule } from '../metrics/metrics.module';
import { WebModule } from '../web/web.module';
import { MailService } from './mail.service';

@Module({ imports: [JobsModule, MetricsModule, WebModule], providers: [MailService], exports: [MailService] })
export class MailModule {}
