import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobsModule } from '../../platform/jobs/jobs.module';
import { MailModule } from '../../platform/mail/mail.module';
import { ProgramModule } from '../../platform/program/program.module';
import { ThrottleModule } from '../../platform/throttle/throttle.module';
import { WebModule } from '../../platform/web/web.module';
import { ClientLink } from './client-link.entity';
import { ClientLinkMails } from './client-link-mails.service';
import { ClientLinksController } from './client-links.controller';
import { ClientLinksService } from './client-links.service';

@Module({
  imports: [TypeOrmModule.forFeature([ClientLink]), JobsModule, MailModule, ProgramModule, ThrottleModule, WebModule],
  providers: [ClientLinksService, ClientLinkMails],
  controllers: [ClientLinksController],
})
export class ClientLinksModule {}
