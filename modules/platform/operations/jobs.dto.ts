import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Everything arrives as text in a query string, hence the conversion. */
export class JobsQueryDto {
  @IsOptional() @IsIn(['waiting', 'done', 'dead']) status?: 'waiting' | 'done' | 'dead';
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(100) cursor?: string;
}
