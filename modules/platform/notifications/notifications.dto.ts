import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

/** Everything arrives as text in a query string, hence the conversion. */
export class NotificationsQueryDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(100) cursor?: string;
}

export class SeenDto {
  /** The id of the newest notification that was seen. */
  @Matches(/^\d{1,18}$/) until: string;
}
