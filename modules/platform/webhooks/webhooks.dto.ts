import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MayBeAbsent } from '../web/request/field-rules';
import { WEBHOOK_EVENTS } from './webhook-events';
import type { WebhookEventType } from './webhook-events';

/** As long as addresses may be in the database, where the parser may have written a little more. */
const MAX_URL = 500;

export class AddWebhookDto {
  @IsString() @IsNotEmpty() @MaxLength(MAX_URL) url: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(WEBHOOK_EVENTS.length)
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events: WebhookEventType[];
}

export class ChangeWebhookDto {
  @MayBeAbsent() @IsString() @IsNotEmpty() @MaxLength(MAX_URL) url?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(WEBHOOK_EVENTS.length)
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events?: WebhookEventType[];
  @MayBeAbsent() @IsBoolean() active?: boolean;
}

/** Everything arrives as text in a query string, hence the conversion. */
export class DeliveriesQueryDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) limit?: number;
  @IsOptional() @IsString() @MaxLength(100) cursor?: string;
}
