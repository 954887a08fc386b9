import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ChangeUserDto, CreateUserDto } from './users.dto';
import { UsersService } from './users.service';
import { AdminOnly } from './web/access.guard';
import { CrmController, ListQuery, pathId } from './web/crm-controller';
import { Then, View } from './web/page.interceptor';

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
