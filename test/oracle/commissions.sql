-- The rules of the commissions a second time, as one set-based statement over what was told and what was in force:
-- what each partner should hold of each accrual by now. It shares nothing with the program but its tables.
with recursive event as (
  -- What the status of each event did at its moment, and whether the event entered it.
  select e.contract_id, e.version, e.occurred_at, e.seller_id, e.client_id, e.referred_by, e.value_minor, e.currency, e.product, e.kind, e.refund_bps, e.refund_minor,
         a.action, row_number() over told as n,
         e.status is distinct from lag(e.status) over told
           or (a.action is not distinct from 'reverse' and num_nonnulls(e.refund_bps, e.refund_minor) > 0) as entered
    from partner_program.contract_event e
    left join partner_program.status_action a on a.status = e.status and a.valid @> e.occurred_at
  window told as (partition by e.contract_id order by e.version)
),
life (contract_id, n, accrual_version, basis_minor, currency, reversed_bps, reversed_minor) as (
  -- The accrual each contract is in after each event; before the first it is in none, of which nothing is left. Of an
  -- open one a share is taken back and amounts of the base besides; together they are never more than the whole.
  select distinct contract_id, 0::bigint, null::integer, null::bigint, null::text, 10000, 0::numeric from event
  union all
  select e.contract_id, e.n,
         case when b.begins then e.version else l.accrual_version end, b.base,
         case when b.begins then e.currency else l.currency end,
         case when b.whole then 10000 else b.bps end, case when b.whole then 0 else b.minor end
    from life l
    join event e on e.contract_id = l.contract_id and e.n = l.n + 1
   cross join lateral (
     select l.reversed_bps < 10000 as open, e.action is not distinct from 'reverse' and e.entered as reverses,
            e.action is not distinct from 'accrue' and e.entered and (l.reversed_bps > 0 or l.reversed_minor > 0) as signs
   ) s
   cross join lateral (
     select s.signs or s.open and not s.reverses and e.currency <> l.currency as begins, e.currency = l.currency as same
   ) c
   cross join lateral (
     select c.begins,
            case when c.begins or s.open and c.same then e.value_minor else l.basis_minor end as base,
            case when s.signs then 0
                 when c.begins then l.reversed_bps
                   + case when l.reversed_minor = 0 then 0 else div(10000 * l.reversed_minor, l.basis_minor)::integer end
                 when not s.open or not s.reverses then l.reversed_bps
                 else l.reversed_bps + coalesce(e.refund_bps, case when e.refund_minor is null then 10000 else 0 end)
                   + case when c.same or e.refund_minor is null then 0
                          else least(10000, div(10000 * e.refund_minor::numeric, e.value_minor))::integer end end as bps,
            case when c.begins then 0
                 when s.open and s.reverses and c.same then l.reversed_minor + coalesce(e.refund_minor, 0)
                 else l.reversed_minor end as minor
   ) d
   cross join lateral (
     select d.begins, d.base, d.bps, d.minor,
            d.bps >= 10000 or d.minor > 0 and d.bps * d.base::numeric + 10000 * d.minor >= 10000 * d.base::numeric as whole
   ) b
),
accrual as (
  -- How each accrual ended; all but the last of a contract are taken back as a whole.
  select distinct on (contract_id, accrual_version) contract_id, accrual_version, basis_minor, currency,
         case when accrual_version < max(accrual_version) over (partition by contract_id) then 10000 else reversed_bps end
           as reversed_bps,
         case when accrual_version < max(accrual_version) over (partition by contract_id) then 0 else reversed_minor end
           as reversed_minor
    from life where accrual_version is not null
   order by contract_id, accrual_version, n desc
),
ruled as (
  -- The plan in force for the contract as it was when the accrual began.
  select a.*, e.occurred_at as as_of, origin.partner_id as originator, plan.*
    from accrual a
    join event e on e.contract_id = a.contract_id and e.version = a.accrual_version
    left join lateral (
      select v.id as plan_version_id, p.kind, v.compression, v.holding_days, v.depth, v.cap_bps
        from partner_program.plan_version v join partner_program.plan p on p.id = v.plan_id
       where v.valid @> e.occurred_at and p.currency = e.currency
         and (v.products is null or e.product = any (v.products))
         and (v.contract_kinds is null or e.kind = any (v.contract_kinds))
         and e.value_minor >= coalesce(v.minimum_value_minor, 0)
       order by num_nonnulls(v.products, v.contract_kinds, v.minimum_value_minor) desc, lower(v.valid) desc, v.id
       limit 1
    ) plan on true
    left join lateral (
      -- Whose contract it was then: the strongest source of the settings that names a partner of that time, who is not
      -- the client, unless selling it.
      select named.partner_id
        from (select 'contract' as source, p.id, p.client_id from partner_program.partner p
               where e.referred_by in (p.referral_code, p.id::text)
              union all
              select 'clientLink', p.id, p.client_id
                from partner_program.client_link l join partner_program.partner p on p.id = l.partner_id
               where l.client_id = e.client_id and l.valid @> e.occurred_at
              union all
              select 'seller', p.id, null from partner_program.partner p
               where p.user_id = e.seller_id and coalesce(p.linked_at <= e.occurred_at, true)) named (source, partner_id, client_id)
        join partner_program.settings s on named.source = any (s.attribution_order)
       where (named.client_id = e.client_id) is not true
         and exists (select from partner_program.placement w
                      where w.partner_id = named.partner_id and w.valid @> e.occurred_at)
       order by array_position(s.attribution_order, named.source) limit 1
    ) origin on true
),
path (contract_id, accrual_version, as_of, level, partner_id, sponsor_id) as (
  -- From the originator up to the top, as the tree stood then.
  select r.contract_id, r.accrual_version, r.as_of, 0, p.partner_id, p.sponsor_id
    from ruled r
    join partner_program.placement p on p.partner_id = r.originator and p.valid @> r.as_of
  union all
  select below.contract_id, below.accrual_version, below.as_of, below.level + 1, p.partner_id, p.sponsor_id
    from path below
    join partner_program.placement p on p.partner_id = below.sponsor_id and p.valid @> below.as_of
),
member as (
  -- Everybody on it: active or not, and the rate the plan gives to the rank held then.
  select r.*, p.level, p.partner_id, coalesce(ranked.rate_bps, 0) as rank_bps,
         not exists (select from partner_program.suspension s where s.partner_id = p.partner_id and s.valid @> p.as_of) as active
    from path p
    join ruled r on r.contract_id = p.contract_id and r.accrual_version = p.accrual_version
    left join partner_program.partner_rank held on held.partner_id = p.partner_id and held.valid @> p.as_of
    left join partner_program.plan_rank ranked on ranked.plan_version_id = r.plan_version_id and ranked.rank = held.rank
),
placed as (
  -- How many levels are used up below, and the highest rate paid there.
  select m.*,
         count(*) filter (where active or compression = 'none') over below as rate_level,
         coalesce(max(rank_bps) filter (where active) over below, 0) as below_bps
    from member m
  window below as (partition by contract_id, accrual_version order by level rows between unbounded preceding and 1 preceding)
),
claim as (
  select p.contract_id, p.accrual_version, p.as_of, p.currency, p.basis_minor, p.reversed_bps, p.reversed_minor, p.plan_version_id,
         p.holding_days, p.cap_bps, p.level, p.partner_id,
         case when not p.active or p.basis_minor = 0 or p.rate_level > p.depth then 0
              when p.kind = 'differential' then p.basis_minor * greatest(0, p.rank_bps - p.below_bps) / 10000
              else coalesce(l.amount_minor, p.basis_minor * l.rate_bps / 10000, 0) end as claim_minor
    from placed p
    left join partner_program.plan_level l on l.plan_version_id = p.plan_version_id and l.level = p.rate_level
),
capped as (
  select c.*,
         greatest(0, least(claim_minor, basis_minor * coalesce(cap_bps, 10000) / 10000 - coalesce(sum(claim_minor) over below, 0)))
           as amount_minor
    from claim c
  window below as (partition by contract_id, accrual_version order by level rows between unbounded preceding and 1 preceding)
)
select contract_id, accrual_version, level, partner_id, currency, plan_version_id, amount_minor,
       amount_minor - case when reversed_minor = 0 then div(amount_minor * reversed_bps, 10000)
         else div(amount_minor * (reversed_bps * basis_minor::numeric + 10000 * reversed_minor), 10000 * basis_minor::numeric) end
         as net_minor,
       coalesce(holding_days, 0) > 0 and as_of + make_interval(hours => 24 * holding_days) > now() as maturing
  from capped
