import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Leave to join below the next one above who has joined, although the own supervisor has not. @see P21 */
@Entity({ schema: 'partner_program', name: 'join_exception' })
@Check('join_exception_reasoned', 'length(reason) between 10 and 500')
export class JoinException {
  @PrimaryColumn('text', { name: 'user_id', primaryKeyConstraintName: 'join_exception_pkey' }) userId: string;
  @Column('text') reason: string;
  @Column('text', { name: 'granted_by' }) grantedBy: string;
  @Column({ type: 'timestamptz', name: 'granted_at', precision: 3, default: () => 'partner_program.now_ms()' })
  grantedAt: Date;
}
