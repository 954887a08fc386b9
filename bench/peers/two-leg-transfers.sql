-- A ledger of two-leg transfers in plpgsql, in the manner of pgledger: every account, the program's too, keeps its
-- balance and version; a transfer locks both in one order and writes an entry on each side. Written for comparison.
drop schema if exists two_leg cascade;
create schema two_leg;

create table two_leg.account (
  id bigint primary key,
  currency text not null,
  balance bigint not null default 0,
  version bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table two_leg.transfer (
  id bigint generated always as identity primary key,
  from_account_id bigint not null references two_leg.account (id),
  to_account_id bigint not null references two_leg.account (id),
  amount bigint not null check (amount > 0),
  created_at timestamptz not null default now(),
  event_at timestamptz not null,
  check (from_account_id <> to_account_id)
);
create index on two_leg.transfer (from_account_id);
create index on two_leg.transfer (to_account_id);

create table two_leg.entry (
  id bigint generated always as identity primary key,
  account_id bigint not null references two_leg.account (id),
  transfer_id bigint not null references two_leg.transfer (id),
  amount bigint not null,
  account_previous_balance bigint not null,
  account_current_balance bigint not null,
  account_version bigint not null,
  created_at timestamptz not null default now()
);
create index on two_leg.entry (account_id);
create index on two_leg.entry (transfer_id);

create function two_leg.apply(of_account bigint, of_transfer bigint, by_amount bigint) returns void
  language plpgsql as $$
declare
  changed two_leg.account;
begin
  update two_leg.account set balance = balance + by_amount, version = version + 1, updated_at = now()
   where id = of_account returning * into changed;
  insert into two_leg.entry (account_id, transfer_id, amount, account_previous_balance, account_current_balance, account_version)
  values (of_account, of_transfer, by_amount, changed.balance - by_amount, changed.balance, changed.version);
end $$;

create function two_leg.create_transfer(from_id bigint, to_id bigint, by_amount bigint, at timestamptz) returns bigint
  language plpgsql as $$
declare
  from_account two_leg.account;
  to_account two_leg.account;
  made bigint;
begin
  if by_amount <= 0 then raise exception 'amount must be positive'; end if;
  perform 1 from two_leg.account where id in (from_id, to_id) order by id for update;
  select * into from_account from two_leg.account where id = from_id;
  select * into to_account from two_leg.account where id = to_id;
  if from_account.id is null or to_account.id is null then raise exception 'no such account'; end if;
  if from_account.currency <> to_account.currency then raise exception 'currencies differ'; end if;
  insert into two_leg.transfer (from_account_id, to_account_id, amount, event_at)
  values (from_id, to_id, by_amount, at) returning id into made;
  perform two_leg.apply(from_id, made, -by_amount);
  perform two_leg.apply(to_id, made, by_amount);
  return made;
end $$;
