import type { IntegrityCheck } from '../../ledger/integrity/integrity-check';

/** What must be true of the tree. */
export const PARTNER_CHECKS: readonly IntegrityCheck[] = [
  {
    id: 'T1',
    what: 'The tree has no cycle, and every path and count is what the sponsors say.',
    sql: `
      with recursive tree as (
        select id, seq || '.' as path, 0 as depth from partner_program.partner where sponsor_id is null
        union all
        select p.id, tree.path || p.seq || '.', tree.depth + 1
          from tree join partner_program.partner p on p.sponsor_id = tree.id
      ), below as (
        select p.sponsor_id as id, count(*) as direct, count(*) + sum(path.downline_count) as partners
          from partner_program.partner_path path join partner_program.partner p on p.id = path.partner_id group by 1
      )
      select p.id as partner_id, stored.path as stored_path, tree.path as recomputed_path,
             stored.downline_count as stored_count, coalesce(below.partners, 0) as recomputed_count
        from partner_program.partner p
        left join tree on tree.id = p.id
        left join below on below.id = p.id
        left join partner_program.partner_path stored on stored.partner_id = p.id
       where tree.id is null
          or stored.path is not null and (stored.path, stored.depth) is distinct from (tree.path, tree.depth)
          or stored.direct_count <> coalesce(below.direct, 0) or stored.downline_count <> coalesce(below.partners, 0)
          or stored.joined_at <> p.joined_at or stored.name_key <> lower(p.last_name || ' ' || p.first_name)
          or stored.path is null and exists (select from partner_program.placement where partner_id = p.id)`,
  },
  {
    id: 'T2',
    what: 'Every sponsor had a place in the tree when somebody was placed below.',
    sql: `
      select p.partner_id, p.sponsor_id, lower(p.valid) as placed_at from partner_program.placement p
       where p.sponsor_id is not null
         and not exists (select from partner_program.placement above
                          where above.partner_id = p.sponsor_id and above.valid @> lower(p.valid))`,
  },
  {
    id: 'T3',
    what: 'Everybody has one sponsor at a time, and stands where the placement in force says.',
    sql: `
      select p.id as partner_id, p.sponsor_id, place.sponsor_id as placed_under
        from partner_program.partner p
        join partner_program.placement place on place.partner_id = p.id
        join partner_program.timeline t
          on place.valid @> greatest(partner_program.now_ms(), t.calculated_until + interval '1 ms')
       where place.sponsor_id is distinct from p.sponsor_id
         and not exists (select from partner_program.job where key = 'placement:' || place.id and status <> 'done')
      union all
      select a.partner_id, a.sponsor_id, b.sponsor_id
        from partner_program.placement a
        join partner_program.placement b on b.partner_id = a.partner_id and b.id > a.id and b.valid && a.valid`,
  },
  {
    id: 'T6',
    what: 'Who has left the program earns nothing from then on.',
    sql: `
      select p.id as partner_id, p.left_at from partner_program.partner p
       where p.status = 'left'
         and not exists (select from partner_program.suspension s
                          where s.partner_id = p.id and s.valid @> tstzrange(p.left_at, null))`,
  },
];
