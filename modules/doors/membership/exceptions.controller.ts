import { Body, Get, Post } from '@nestjs/common';
import { IsNotEmpty, IsString, Length, MaxLength } from 'class-validator';
import type { Actor } from '../../platform/web/access/actor';
import { FormFields, Me, Page, ProgramController, Requires } from '../../platform/web/program-controller';
import { Trimmed } from '../../platform/web/request/field-rules';
import { ExceptionsService } from './exceptions.service';

export class JoinExceptionDto {
  /** The host's id of the user. */
  @IsString() @IsNotEmpty() @MaxLength(100) userId: string;
  @Trimmed() @IsString() @Length(10, 500) reason: string;
}

const LIST = '/partner-program/membership/exceptions';

/** Letting people join whose supervisor cannot. @see P21 */
@ProgramController('membership/exceptions')
@Requires('configure')
export class ExceptionsController {
  constructor(private readonly exceptions: ExceptionsService) {}

  @Get()
  @Page('membership/exceptions')
  async list() {
    return { data: await this.exceptions.stuck(), nextCursor: null };
  }

  @Post()
  @Page('membership/exceptions', { form: 'list', redirect: `${LIST}?done=saved` })
  @FormFields({})
  grant(@Me() me: Actor, @Body() { userId, reason }: JoinExceptionDto) {
    return this.exceptions.grant(me, userId, reason);
  }
}
