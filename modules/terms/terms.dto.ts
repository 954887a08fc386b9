import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

export class UploadTermsDto {
  @IsString() @IsNotEmpty() @MaxLength(200) title: string;
  @IsOptional() @IsBoolean() requireAcceptance?: boolean;
}

export class AcceptTermsDto {
  @IsUUID() versionId: string;
}
