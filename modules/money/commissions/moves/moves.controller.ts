import { Body, Get, HttpCode, HttpStatus, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { Response } from 'express';
import type { Actor } from '../../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../../platform/web/program-controller';
import { IsMoment, Trimmed } from '../../../platform/web/request/field-rules';
import { MovesService } from './moves.service';

export class MoveDto {
  /** Null puts the partner at the top. */
  @ValidateIf(({ sponsorId }: MoveDto) => sponsorId !== null) @IsUUID() sponsorId: string | null;
  @Trimmed() @IsString() @Length(3, 500) reason: string;
  @IsOptional() @IsMoment() effectiveAt?: Date;
}

export class MoveQueryDto {
  @IsOptional() @Transform(({ value }) => value === 'true') @IsBoolean() preview?: boolean;
}

export class MovePageDto {
  /** Part of a name or an address of whom the partner may be moved to. */
  @IsOptional() @IsString() @MaxLength(100) search?: string;
  /** `none` for the top. */
  @IsOptional() @Matches(/^(none|[0-9a-f-]{36})$/) sponsor?: string;
  @IsOptional() @IsMoment() effectiveAt?: Date;
}

/** Moving a partner stands here because what it changes is who earns. */
@ProgramController('partners/:id/placements')
@Requires('configure')
export class MovesController {
  constructor(private readonly moves: MovesService) {}

  /** The page for a move: first to whom, then what it would change. */
  @Get()
  @Page('partners/move')
  @FormFields({ effectiveAt: 'effectiveDay' })
  page(@Me() me: Actor, @Param('id', ParseUUIDPipe) partnerId: string, @Query() { sponsor, ...query }: MovePageDto) {
    const sponsorId = sponsor === 'none' ? null : sponsor;
    return this.moves.page({ ...query, partnerId, sponsorId, by: me });
  }

  @Post()
  @HttpCode(HttpStatus.CREATED)
  @Page('partners/partner', { form: 'page', redirect: '/partner-program/partners/:id?done=saved' })
  @FormFields({ sponsorId: 'json', effectiveAt: 'effectiveDay' })
  move(
    @Me() me: Actor,
    @Param('id', ParseUUIDPipe) partnerId: string,
    @Body() order: MoveDto,
    @Query() { preview }: MoveQueryDto,
    @Res({ passthrough: true }) response: Response,
  ) {
    if (!preview) return this.moves.move({ ...order, partnerId, by: me });
    response.status(HttpStatus.OK);
    return this.moves.preview({ ...order, partnerId, by: me });
  }
}
