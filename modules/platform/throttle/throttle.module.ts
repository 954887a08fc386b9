import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { Throttle } from './throttle.entity';
import { THROTTLE_RETENTION } from './throttle.queries';
import { ThrottleService } from './throttle.service';

@Module({
  imports: [TypeOrmModule.forFeature([Throttle]), RetentionModule],
  providers: [ThrottleService],
  exports: [ThrottleService],
})
export class ThrottleModule {
  constructor(retention: RetentionService) {
    retention.register(THROTTLE_RETENTION);
  }
}
