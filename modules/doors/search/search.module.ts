import { Module } from '@nestjs/common';
import { CommissionsModule } from '../../money/commissions/commissions.module';
import { PartnersModule } from '../../people/partners/partners.module';
import { WebModule } from '../../platform/web/web.module';
import { SearchController } from './search.controller';
import { SearchService } from './search.service';

@Module({
  imports: [CommissionsModule, PartnersModule, WebModule],
  providers: [SearchService],
  controllers: [SearchController],
})
export class SearchModule {}
