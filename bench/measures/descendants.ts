import { DataSource } from 'typeorm';
import { listPartners } from '../../modules/people/partners/partner-list.queries';
import { newestBelow, PeerTreePartner } from '../peers/typeorm-tree';
import type { Lab } from '../support/lab';
import { measure, millisecondsOf } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { topOf } from './pages';

const DOWNLINE = 100_000;

/** The first page of a downline of a hundred thousand, against all of it from TypeORM's tree repository. */
export async function descendants(lab: Lab): Promise<Measure> {
  const top = await topOf(lab, DOWNLINE);
  const peer = await openPeer(lab, top.id);
  const root = await peer.getTreeRepository(PeerTreePartner).findOneByOrFail({ id: top.id });
  try {
    return await measure({
      id: 'H3b',
      unit: 'ms/page',
      reach: { atLeast: 100 },
      ratio: 'peer / figure',
      figure: () =>
        millisecondsOf(() => listPartners(lab.db.manager, { above: top.id, sort: 'joinedAt' }, { limit: 50 })),
      floor: () => millisecondsOf(() => newestBelow(peer, root)),
    });
  } finally {
    await peer.destroy();
  }
}

/** The same downline, the peer's path made of the same numbers as ours. */
async function openPeer({ owner, ownerUrl }: Lab, topId: string): Promise<DataSource> {
  await owner.query('drop schema if exists peer cascade; create schema peer');
  const peer = await new DataSource({
    type: 'postgres',
    url: ownerUrl,
    entities: [PeerTreePartner],
    synchronize: true,
  }).initialize();
  await owner.query(
    `insert into peer.tree_partner (id, "firstName", "lastName", email, "joinedAt", mpath, "parentId")
     select p.id, p.first_name, p.last_name, p.email, p.joined_at, path.path, case when p.id <> $1 then p.sponsor_id end
       from partner_program.partner_path own
       join partner_program.partner_path path on path.prefix >= own.prefix and path.prefix < partner_program.path_end(own.path)
       join partner_program.partner p on p.id = path.partner_id
      where own.partner_id = $1 order by path.depth`,
    [topId],
  );
  await owner.query('create index on peer.tree_partner (mpath text_pattern_ops); analyze peer.tree_partner');
  return peer;
}
