import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../jobs/jobs.module';
import { MailModule } from '../mail/mail.module';
import { MetricsModule } from '../metrics/metrics.module';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { WebModule } from '../web/web.module';
import { DeliveriesService } from './deliveries.service';
import { OutboundRequests } from './outbound.service';
import { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookDelivery } from './webhook-delivery.entity';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookEvent } from './webhook-event.entity';
import { WebhookReports } from './webhook-reports.service';
import { WebhooksController } from './webhooks.controller';
import { WEBHOOKS_RETENTION } from './webhooks.queries';
import { WebhooksService } from './webhooks.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([WebhookEndpoint, WebhookEvent, WebhookDelivery, WebhookAttempt]),
    JobsModule,
    MailModule,
    MetricsModule,
    RetentionModule,
    WebModule,
  ],
  providers: [DeliveriesService, OutboundRequests, WebhookReports, WebhooksService],
  controllers: [WebhooksController],
  exports: [WebhookReports],
})
export class WebhooksModule {
  constructor(retention: RetentionService) {
    retention.register(WEBHOOKS_RETENTION);
  }
}
