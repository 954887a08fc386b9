import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far ahead of now somebody has used up the attempts of a kind. @see F63 */
@Entity({ schema: 'partner_program', name: 'attempt' })
export class Attempt {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'attempt_pkey' }) key: string;
  @Column({ type: 'timestamptz', name: 'spent_until', precision: 3 }) spentUntil: Date;
}
