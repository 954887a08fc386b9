import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { IdempotencyKey } from './idempotency-key.entity';
import { IDEMPOTENCY_RETENTION } from './idempotency.queries';

@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey]), RetentionModule],
})
export class IdempotencyModule {
  constructor(retention: RetentionService) {
    retention.register(IDEMPOTENCY_RETENTION);
  }
}
