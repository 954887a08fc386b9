import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsObject, ValidateNested } from 'class-validator';
import { NOTIFICATION_KINDS } from '../facts';
import type { NotificationKind } from '../facts';

/** A channel that is left out is not wanted: a form does not send a box that is not ticked. */
export class PreferenceDto {
  @IsIn(NOTIFICATION_KINDS) kind: NotificationKind;
  @IsBoolean() email: boolean = false;
  @IsBoolean() portal: boolean = false;
}

export class ChangePreferencesDto {
  @IsArray()
  @ArrayMaxSize(NOTIFICATION_KINDS.length)
  @ArrayUnique(({ kind }: PreferenceDto) => kind)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PreferenceDto)
  data: PreferenceDto[];
}
