import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ContractEvent } from './contract-event.entity';

/** Until when the money of an accrual stays pending; `releasedAt` is set when it has become available. @see Q8 */
@Entity({ schema: 'partner_program', name: 'holding' })
@ForeignKey(() => ContractEvent, ['contractId', 'accrualVersion'], ['contractId', 'version'], {
  name: 'holding_accrual_fkey',
})
export class Holding {
  @PrimaryColumn('text', { name: 'contract_id', primaryKeyConstraintName: 'holding_pkey' }) contractId: string;
  @PrimaryColumn('integer', { name: 'accrual_version', primaryKeyConstraintName: 'holding_pkey' })
  accrualVersion: number;
  @Column({ type: 'timestamptz', name: 'release_at', precision: 3 }) releaseAt: Date;
  @Column({ type: 'timestamptz', name: 'released_at', precision: 3, nullable: true }) releasedAt: Date | null;
}
