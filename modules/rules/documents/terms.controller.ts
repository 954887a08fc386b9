import {
  Body,
  Get,
  HttpCode,
  Ip,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { Refusal } from '../../kernel/refusal';
import type { Actor, ActorPartner } from '../../platform/web/access/actor';
import { OneAtATime } from '../../platform/web/access/one-at-a-time';
import {
  FormFields,
  Me,
  MyPartner,
  Open,
  Page,
  ProgramController,
  Requires,
} from '../../platform/web/program-controller';
import { ReceiptsService } from './receipts.service';
import type { TermsVersion } from './terms-version.entity';
import { AcceptancesQueryDto, AcceptTermsDto, ReceiptQueryDto, UploadTermsDto } from './terms.dto';
import { MAX_TERMS_BYTES, TermsService } from './terms.service';

@ProgramController('terms')
export class TermsController {
  constructor(
    private readonly terms: TermsService,
    private readonly receipts: ReceiptsService,
    @InjectDataSource() private readonly db: DataSource,
  ) {}

  @Get()
  @Requires('configure')
  @Page('terms/terms')
  async list() {
    return { data: await this.terms.list(), nextCursor: null };
  }

  @Post()
  @Requires('configure')
  @Page('terms/terms', { form: 'list', redirect: '/partner-program/terms?done=saved' })
  @FormFields({ requireAcceptance: 'boolean' })
  @UseInterceptors(
    FileInterceptor('file', { limits: { fileSize: MAX_TERMS_BYTES, files: 1, fields: 10, fieldSize: 10_000 } }),
  )
  @OneAtATime()
  async upload(
    @Me() me: Actor,
    @UploadedFile() file: { readonly buffer: Buffer } | undefined,
    @Body() { title, requireAcceptance = true }: UploadTermsDto,
  ) {
    if (!file) throw new Refusal('NOT_A_PDF');
    return termsJson(await this.terms.upload(me, file.buffer, { title, requireAcceptance }));
  }

  @Post(':versionId/publication')
  @Requires('configure')
  @Page('terms/terms', { form: 'list', redirect: '/partner-program/terms?done=saved' })
  async publish(@Me() me: Actor, @Param('versionId', ParseUUIDPipe) versionId: string) {
    return termsJson(await this.terms.publish(me, versionId));
  }

  @Get(':versionId/acceptances')
  @Requires('configure')
  @Page('terms/acceptances')
  async acceptances(
    @Param('versionId', ParseUUIDPipe) versionId: string,
    @Query() { cursor, limit = 50 }: AcceptancesQueryDto,
  ) {
    const { data, ...page } = await this.terms.acceptances(versionId, { cursor, limit });
    return { ...page, data: data.map(({ id: _, ...acceptance }) => acceptance) };
  }

  @Get('current')
  @Open()
  async current() {
    const terms = await this.terms.inForce();
    if (!terms) throw new Refusal('NOT_FOUND');
    return termsJson(terms);
  }

  /** The bytes as uploaded, shown but never run in our origin. */
  @Get('current/file')
  @Open()
  async file(@Res() response: Response): Promise<void> {
    const terms = await this.terms.fileInForce();
    response
      .set({
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="terms-${terms.number}.pdf"`,
        'content-security-policy': `default-src 'none'; sandbox`,
        'x-content-type-options': 'nosniff',
        etag: `"${terms.sha256}"`,
      })
      .send(terms.file);
  }

  @Post('acceptances')
  @HttpCode(201)
  @Page('terms/terms', { redirect: '/partner-program?done=accepted' })
  async accept(@Me() me: Actor, @Ip() ip: string, @Body() { versionId }: AcceptTermsDto) {
    await this.db.transaction((tx) => this.terms.accept(tx, me.partner!.id, versionId, { ip, locale: me.locale }));
    return { versionId };
  }

  /** The own acceptance on paper. @see Q10 */
  @Get('acceptances/:versionId/receipt.pdf')
  async receipt(
    @Me() { locale }: Actor,
    @MyPartner() { id }: ActorPartner,
    @Param('versionId', ParseUUIDPipe) versionId: string,
    @Query() { zone }: ReceiptQueryDto,
  ) {
    const { number, document } = await this.receipts.pdf({ partnerId: id, versionId, locale, zone });
    return new StreamableFile(document, {
      type: 'application/pdf',
      disposition: `attachment; filename="terms-${number}-receipt.pdf"`,
    });
  }
}

function termsJson({ id, number, title, sha256, requireAcceptance, uploadedAt, publishedAt }: TermsVersion) {
  return { versionId: id, number, title, sha256, requireAcceptance, uploadedAt, publishedAt };
}
