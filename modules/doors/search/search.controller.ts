import { Get, Query } from '@nestjs/common';
import type { Actor } from '../../platform/web/access/actor';
import { Open, Page, ProgramController } from '../../platform/web/program-controller';
import { SearchQueryDto } from './search.dto';
import { SearchService } from './search.service';
import { SignedIn } from './signed-in.guard';

/** One field for people, contracts and requests. @see Q13 */
@ProgramController('search')
@Open()
export class SearchController {
  constructor(private readonly searching: SearchService) {}

  @Get()
  @Page('search/search')
  search(@SignedIn() me: Actor, @Query() { q = '' }: SearchQueryDto) {
    return this.searching.find(me, q);
  }
}
