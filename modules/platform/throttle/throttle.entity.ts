import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far ahead of now somebody has used up what a limit allows. @see F63 F64 */
@Entity({ schema: 'partner_program', name: 'throttle' })
export class Throttle {
  /** The name of the limit, and the SHA-256 of whom it is counted for. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'throttle_pkey' }) key: string;
  @Column({ type: 'timestamptz', name: 'spent_until', precision: 3 }) spentUntil: Date;
}
