import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { toString as qrCode } from 'qrcode';
import { DataSource } from 'typeorm';
import { Host } from '../../../host';
import type { Locale } from '../../../kernel/locale';
import { Refusal } from '../../../kernel/refusal';
import { PROGRAM_OPTIONS } from '../../../options';
import type { PartnerProgramOptions } from '../../../options';
import { Partner } from '../../../people/partners/partner.entity';
import type { Actor } from '../../../platform/web/access/actor';
import { levelZeroCodeOf, ownerOfLink } from './links.queries';
import type { LinkOwner } from './links.queries';
import { registrationUrl } from './public-links';

export interface Link {
  readonly url: string;
  readonly code: string;
}

/** The links that partners hand out themselves. @see P7 P9 */
@Injectable()
export class LinksService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly host: Host,
  ) {}

  /** In the language of its owner, who hands it out. */
  async referralLink({ partner, locale }: Actor): Promise<Link> {
    const { referralCode } = await this.db.manager.findOneByOrFail(Partner, { id: partner!.id });
    return this.linkOf(referralCode, locale);
  }

  /** The link that carries this code, in a language. */
  linkOf(code: string, locale: Locale): Link {
    return { code, url: registrationUrl(this.options.publicUrl, locale, code) };
  }

  /** For holders of `inviteLevelZero` only; undefined for everybody else. */
  async levelZeroLink({ partner, permissions, locale }: Actor): Promise<Link | undefined> {
    if (!permissions.has('inviteLevelZero')) return undefined;
    return this.linkOf(await levelZeroCodeOf(this.db.manager, partner!.id), locale);
  }

  /** The link as a QR code: an SVG of dark squares on white, with the quiet zone that readers need. */
  qrOf({ url }: Link): Promise<string> {
    return qrCode(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  }

  /**
   * Whose link this is, for whoever follows it. @throws Refusal INVITATION_INACTIVE for an unknown code, and for one whose owner has left, is
   * suspended, or may no longer invite
   */
  async ownerOf(code: string, visitor: Actor | null): Promise<LinkOwner> {
    // A code is typed as well, and keyboards begin with a capital; all codes are small.
    const owner = await ownerOfLink(this.db.manager, code.toLowerCase());
    if (!owner || !(await this.mayInvite(owner, owner.levelZero, visitor))) throw new Refusal('INVITATION_INACTIVE');
    return owner;
  }

  /**
   * Whether the host still lets a CRM user take part, and invite to level zero where it is about that. Of a visitor who is
   * that user the host was asked already.
   */
  async mayInvite(
    { userId }: { readonly userId: string | null },
    levelZero: boolean,
    visitor: Actor | null,
  ): Promise<boolean> {
    if (userId === null) return !levelZero;
    const isOwn = visitor?.userId === userId;
    const permissions = isOwn ? visitor.permissions : await this.host.permissionsOf(userId);
    return permissions.has('participate') && (!levelZero || permissions.has('inviteLevelZero'));
  }
}
