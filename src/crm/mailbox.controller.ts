import { Get, Inject } from '@nestjs/common';
import { CRM_CONFIG, type CrmConfig } from './crm-config';
import { MailboxService } from './mailbox.service';
import { Open } from './web/access.guard';
import { CrmController } from './web/crm-controller';
import { CrmRefusal } from './web/crm-refusal';
import { View } from './web/page.interceptor';

/** The development mailbox: open to anybody, for who follows an invitation has no account yet; absent in production. */
@CrmController('crm/mailbox')
export class MailboxController {
  constructor(
    private readonly mailbox: MailboxService,
    @Inject(CRM_CONFIG) private readonly config: CrmConfig,
  ) {}

  @Get()
  @Open()
  @View('mailbox')
  list() {
    if (this.config.production) throw new CrmRefusal('NOT_FOUND');
    return this.mailbox.list();
  }
}
