import { Body, Get, Post, Put, StreamableFile } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { OneAtATime } from '../../platform/web/access/one-at-a-time';
import { FormFields, Me, Open, Page, ProgramController } from '../../platform/web/program-controller';
import { ExportService } from './export/export.service';
import { LeavingService } from './leaving/leaving.service';
import { MyMembership } from './my-membership.guard';
import { ContactDto, LeaveDto } from './profile.dto';
import { ProfileService } from './profile.service';

/** The own membership. Who may look and leave, {@link MyMembership} decides. @see S14 */
@ProgramController('profile')
export class ProfileController {
  constructor(
    private readonly profile: ProfileService,
    private readonly leaving: LeavingService,
    private readonly exports: ExportService,
  ) {}

  @Get()
  @Open()
  @Page('profile/profile')
  show(@MyMembership() me: Actor) {
    return this.profile.of(me);
  }

  @Put()
  @Page('profile/profile', { form: 'show', redirect: '/partner-program/profile?done=saved' })
  @FormFields({})
  change(@Me() me: Actor, @Body() contact: ContactDto) {
    return this.profile.change(me, contact);
  }

  /** Everything that is stored about the person who asks. */
  @Get('export')
  @OneAtATime()
  @Open()
  export(@MyMembership() me: Actor): StreamableFile {
    return new StreamableFile(this.exports.archive(me), {
      type: 'application/zip',
      disposition: 'attachment; filename="partner-program.zip"',
    });
  }

  @Post('leaving')
  @Open()
  @Page('profile/profile', { form: 'show', redirect: '/partner-program/notices/left' })
  @FormFields({ forfeit: 'boolean' })
  leave(@MyMembership() me: Actor, @Body() body: LeaveDto) {
    return this.leaving.leave(me, body);
  }
}
