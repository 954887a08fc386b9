import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** Whoever registers by this link stands at the top. It works as long as its owner may invite there. @see P9 */
@Entity({ schema: 'partner_program', name: 'level_zero_link' })
@Unique('level_zero_link_code_key', ['code'])
export class LevelZeroLink {
  @ForeignKey('Partner', { name: 'level_zero_link_partner_fkey' })
  @PrimaryColumn('uuid', { name: 'partner_id', primaryKeyConstraintName: 'level_zero_link_pkey' })
  partnerId: string;
  @Column('text') code: string;
}
