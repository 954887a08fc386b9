import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes, ValidationPipe } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min, type ValidationError } from 'class-validator';
import { validate as isUuid } from 'uuid';
import { AccessGuard } from './access.guard';
import { CrmRefusal, type FieldError } from './crm-refusal';
import { PageInterceptor } from './page.interceptor';

/** A controller of the CRM: its guard, its validation and its pages, on its own routes only. */
export function CrmController(path = '') {
  return applyDecorators(
    Controller(path),
    UseGuards(AccessGuard),
    UseInterceptors(PageInterceptor),
    UsePipes(
      new ValidationPipe({
        transform: true,
        whitelist: true,
        forbidNonWhitelisted: true,
        exceptionFactory: (errors) => new CrmRefusal('INVALID_INPUT', fieldErrors(errors)),
      }),
    ),
  );
}

function fieldErrors(errors: readonly ValidationError[]): FieldError[] {
  return errors.map(({ property, constraints = {} }) => {
    const [rule = 'invalid', message = ''] = Object.entries(constraints)[0] ?? [];
    const code = rule.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    return { field: property, code, message };
  });
}

/** An id from the path. @throws CrmRefusal NOT_FOUND when it cannot be one: an unknown id and a wrong one look alike */
export function pathId(id: string): string {
  if (!isUuid(id)) throw new CrmRefusal('NOT_FOUND');
  return id;
}

export class ListQuery {
  @Type(() => Number) @IsInt() @Min(1) @Max(100) limit = 25;
  /** The id the page before ended with. */
  @IsOptional() @IsUUID() cursor?: string;
}

export interface List<Row> {
  data: Row[];
  nextCursor: string | null;
}

/** @param rows one row more than the limit, where there are more */
export function listOf<Row extends { id: string }>(rows: readonly Row[], limit: number): List<Row> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
