import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MAX_AMOUNT_MINOR } from '../../kernel/money';

export class PreviewQueryDto {
  /** Arrives as text in a query string, hence the conversion. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MAX_AMOUNT_MINOR) amountMinor?: number;
}
