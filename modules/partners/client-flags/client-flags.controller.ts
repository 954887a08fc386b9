import { Get, Query } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { ProgramController, Requires } from '../../web/program-controller';
import { ClientFlagsService } from './client-flags.service';

export class ClientFlagsQueryDto {
  /** `?ids=a,b,c`, at most 200. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(100, { each: true })
  ids: string[];
}

@ProgramController('clients')
@Requires('participate')
export class ClientFlagsController {
  constructor(private readonly flags: ClientFlagsService) {}

  @Get('flags')
  async list(@Query() { ids }: ClientFlagsQueryDto) {
    return { data: await this.flags.of(ids), nextCursor: null };
  }
}
