import { Column, DataSource, Entity, PrimaryColumn, Tree, TreeChildren, TreeParent } from 'typeorm';

/** A partner in a tree as TypeORM offers it: the path of ids is kept by the library. */
@Entity({ schema: 'peer', name: 'tree_partner' })
@Tree('materialized-path')
export class PeerTreePartner {
  @PrimaryColumn('uuid') id: string;
  @Column('text') firstName: string;
  @Column('text') lastName: string;
  @Column('text') email: string;
  @Column('timestamptz') joinedAt: Date;
  @TreeParent() parent: PeerTreePartner | null;
  @TreeChildren() children: PeerTreePartner[];
}

/** The first page of a downline, the newest first: everybody below is loaded, and fifty are kept. */
export async function newestBelow(db: DataSource, top: PeerTreePartner): Promise<PeerTreePartner[]> {
  const below = await db.getTreeRepository(PeerTreePartner).findDescendants(top);
  return below.toSorted((a, b) => b.joinedAt.getTime() - a.joinedAt.getTime()).slice(0, 50);
}
