import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsArray, IsBoolean, IsEmail, IsIn, IsOptional, IsUUID, Length, MaxLength, ValidateIf } from 'class-validator';
import { LOCALES, type Locale } from '../../modules';
import { AdminOnly } from './web/access.guard';
import { CrmController, ListQuery, pathId } from './web/crm-controller';
import { CRM_PERMISSIONS, type CrmPermission } from './crm.entities';
import { Then, View } from './web/page.interceptor';
import { UsersService } from './users.service';

const Trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
/** May be left out, but not emptied: unlike IsOptional it does not let null through. */
const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

export class CreateUserDto {
  @Trimmed() @IsEmail() @MaxLength(254) email: string;
  @Trimmed() @Length(1, 100) firstName: string;
  @Trimmed() @Length(1, 100) lastName: string;
  @IsOptional() @Length(1, 40) phone?: string | null;
  @Length(8, 200) password: string;
  @IsOptional() @IsUUID() supervisorId?: string | null;
  @IsArray() @IsIn(CRM_PERMISSIONS, { each: true }) permissions: CrmPermission[];
  @IsOptional() @IsEmail() @MaxLength(254) mailbox?: string | null;
  @IsOptional() @IsIn(LOCALES) locale?: Locale | null;
}

export class ChangeUserDto {
  @MayBeAbsent() @Trimmed() @IsEmail() @MaxLength(254) email?: string;
  @MayBeAbsent() @Trimmed() @Length(1, 100) firstName?: string;
  @MayBeAbsent() @Trimmed() @Length(1, 100) lastName?: string;
  @IsOptional() @Length(1, 40) phone?: string | null;
  @MayBeAbsent() @Length(8, 200) password?: string;
  @IsOptional() @IsUUID() supervisorId?: string | null;
  @MayBeAbsent() @IsArray() @IsIn(CRM_PERMISSIONS, { each: true }) permissions?: CrmPermission[];
  @IsOptional() @IsEmail() @MaxLength(254) mailbox?: string | null;
  @IsOptional() @IsIn(LOCALES) locale?: Locale | null;
  @MayBeAbsent() @IsBoolean() active?: boolean;
}

@CrmController('crm/users')
@AdminOnly()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @View('users', { choices: ['users'] })
  list(@Query() query: ListQuery) {
    return this.users.list(query);
  }

  @Post()
  @Then('/crm/users')
  create(@Body() body: CreateUserDto) {
    return this.users.create(body);
  }

  @Get(':id')
  @View('user', { choices: ['users'] })
  get(@Param('id') id: string) {
    return this.users.get(pathId(id));
  }

  @Patch(':id')
  @Then('/crm/users/:id')
  change(@Param('id') id: string, @Body() body: ChangeUserDto) {
    return this.users.change(pathId(id), body);
  }
}
