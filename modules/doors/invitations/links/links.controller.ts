import { Get, StreamableFile } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal';
import type { Actor } from '../../../platform/web/access/actor';
import { Me, Page, ProgramController } from '../../../platform/web/program-controller';
import { LinksService } from './links.service';
import type { Link } from './links.service';

/** A partner's own links as QR codes, alone and on a sheet to print. @see P7 */
@ProgramController()
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Get('referral-link')
  @Page('invitations/sheet')
  async referralSheet(@Me() me: Actor) {
    return { ...(await this.links.referralLink(me)), name: me.name, levelZero: false };
  }

  @Get('level-zero-link')
  @Page('invitations/sheet')
  async levelZeroSheet(@Me() me: Actor) {
    return { ...(await this.levelZero(me)), name: me.name, levelZero: true };
  }

  @Get('referral-link.svg')
  async referralLink(@Me() me: Actor): Promise<StreamableFile> {
    return this.picture(await this.links.referralLink(me));
  }

  @Get('level-zero-link.svg')
  async levelZeroLink(@Me() me: Actor): Promise<StreamableFile> {
    return this.picture(await this.levelZero(me));
  }

  private async levelZero(me: Actor): Promise<Link> {
    const link = await this.links.levelZeroLink(me);
    if (!link) throw new Refusal('FORBIDDEN', { permission: 'inviteLevelZero' });
    return link;
  }

  private async picture(link: Link): Promise<StreamableFile> {
    return new StreamableFile(Buffer.from(await this.links.qrOf(link)), { type: 'image/svg+xml' });
  }
}
