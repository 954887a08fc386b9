import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ContractEvent } from './contract-event.entity';

/** Until when the money of an accrual matures; `releasedAt` is set when it has become available. @see Q8 */
@Entity({ schema: 'partner_program', name: 'maturing' })
@Index('maturing_next', ['releaseAt'], { where: 'released_at is null' })
@ForeignKey(() => ContractEvent, ['contractId', 'accrualVersion'], ['contractId', 'version'], {
  name: 'maturing_accrual_fkey',
})
export class Maturing {
  @PrimaryColumn('text', { name: 'contract_id', primaryKeyConstraintName: 'maturing_pkey' }) contractId: string;
  @PrimaryColumn('integer', { name: 'accrual_version', primaryKeyConstraintName: 'maturing_pkey' })
  accrualVersion: number;
  @Column({ type: 'timestamptz', name: 'release_at', precision: 3 }) releaseAt: Date;
  @Column({ type: 'timestamptz', name: 'released_at', precision: 3, nullable: true }) releasedAt: Date | null;
}
