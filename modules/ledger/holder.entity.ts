import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HolderKind } from './kinds.entity';

/** Whose accounts there are. A partner is a holder with the same id, added with the partner's row; the program is the nil UUID. */
@Entity({ schema: 'partner_program', name: 'holder' })
@Unique('holder_key', ['id', 'kind'])
export class Holder {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'holder_pkey' }) id: string;
  @ForeignKey(() => HolderKind, { name: 'holder_kind_fkey' })
  @Column('text')
  kind: string;
}
