import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As of 2026; those taken back since 2021 among them. */
const ISO_4217_CODES = `
  AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
  CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
  GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD
  KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
  NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN
  SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF
  XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL`
  .trim()
  .split(/\s+/)
  .join('|');

/**
 * What holds in the program: its settings, its units and their minimums, what the statuses of contracts do, and the one
 * line of time on which rules and the tree change.
 */
export class Program1764547200002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.settings (
        id boolean not null default true,
        currency text not null,
        locale text not null,
        time_zone text not null,
        require_acceptance boolean not null default true,
        require_payout_account boolean not null default true,
        attribution_order text[] not null default '{contract,clientLink,seller}',
        constraint settings_pkey primary key (id),
        constraint settings_single_row check (id),
        constraint settings_currency_form check (currency ~ '^[A-Z][A-Z0-9_]{1,11}$'),
        -- Each source at most once.
        constraint settings_attribution_order check (
          attribution_order <@ '{contract,clientLink,seller}' and cardinality(attribution_order) > 0 and cardinality(attribution_order)
            = ('contract' = any (attribution_order))::integer + ('clientLink' = any (attribution_order))::integer
            + ('seller' = any (attribution_order))::integer),
        constraint settings_locale_known check (locale in ('pl', 'pt-BR', 'en')),
        constraint settings_time_zone_form check (time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]{0,99}$')
      );

      create table partner_program.minimum_withdrawal (
        unit text not null,
        amount_minor bigint not null,
        constraint minimum_withdrawal_pkey primary key (unit),
        constraint minimum_withdrawal_unit_form check (unit ~ '^[A-Z][A-Z0-9_]{1,11}$'),
        constraint minimum_withdrawal_positive check (amount_minor > 0)
      );

      -- Units of the program's own. The currencies of ISO 4217 are built in and need no row; none of its codes can be
      -- taken, those without a minor unit and those it has taken back among them.
      create table partner_program.unit (
        code text not null,
        digits integer not null,
        is_money boolean not null default false,
        names jsonb not null,
        worth_num bigint,
        worth_den bigint,
        worth_currency text,
        constraint unit_pkey primary key (code),
        constraint unit_code_form check (code ~ '^[A-Z][A-Z0-9_]{1,11}$'),
        constraint unit_code_free check (code !~ '^(${ISO_4217_CODES})$'),
        constraint unit_digits_known check (digits between 0 and 4),
        constraint unit_money_code check (not is_money or code ~ '^[A-Z]{3}$'),
        constraint unit_names_in_every_language check (
          names @? '$."pl"."other"' and names @? '$."pt-BR"."other"' and names @? '$."en"."other"'),
        constraint unit_worth_whole check (num_nulls(worth_num, worth_den, worth_currency) in (0, 3)
          and not (is_money and worth_num is not null) and coalesce(worth_num > 0 and worth_den > 0, true))
      );

      -- How likely a contract in a status is to come about: what a forecast is weighed with. A status without one counts whole.
      create table partner_program.forecast_weight (
        status text not null,
        weight_bps integer not null,
        constraint forecast_weight_pkey primary key (status),
        constraint forecast_weight_share check (weight_bps between 0 and 10000)
      );

      -- What was written in a unit is read as such for ever; its digits are fixed once an account counts in it.
      create trigger unit_reading_kept before update of code, is_money on partner_program.unit
        for each row when ((new.code, new.is_money) is distinct from (old.code, old.is_money))
        execute function partner_program.refuse_change();
      create trigger unit_kept before delete on partner_program.unit
        for each row execute function partner_program.refuse_change();
      create trigger unit_not_emptied before truncate on partner_program.unit
        for each statement execute function partner_program.refuse_change();

      -- Up to which moment commissions have been calculated: rules and the tree change only after it, so that
      -- what was calculated can always be calculated again. And when a rule or the tree last changed: no two
      -- changes share a moment.
      create table partner_program.timeline (
        id boolean not null default true,
        calculated_until timestamptz(3) not null default '1970-01-01',
        changed_at timestamptz(3) not null default '1970-01-01',
        constraint timeline_pkey primary key (id),
        constraint timeline_single_row check (id)
      );

      insert into partner_program.timeline default values;

      -- Takes the timeline for a change and gives it a moment of its own: now, or the next free millisecond, which
      -- is waited for, so that whatever happens after the change also has a later time.
      create function partner_program.take_timeline(lock bigint, out earliest timestamptz, out moment timestamptz)
        language plpgsql volatile as $$
      begin
        perform pg_advisory_xact_lock(lock);
        update partner_program.timeline
           set changed_at = greatest(partner_program.now_ms(), calculated_until + interval '1 ms', changed_at + interval '1 ms')
        returning calculated_until + interval '1 ms', changed_at into earliest, moment;
        while partner_program.now_ms() < moment and moment < partner_program.now_ms() + interval '1 s' loop
          perform pg_sleep(0.001);
        end loop;
      end $$;

      create table partner_program.status_action (
        id bigint generated always as identity,
        status text not null,
        action text not null,
        valid tstzrange not null,
        set_by text not null,
        constraint status_action_pkey primary key (id),
        constraint status_action_known check (action in ('accrue', 'reverse')),
        constraint status_action_not_empty check (not isempty(valid)),
        constraint status_action_one_at_a_time exclude using gist (status with =, valid with &&)
      );

      create trigger status_action_history before update on partner_program.status_action
        for each row execute function partner_program.only_close_range();
      create trigger status_action_kept before delete on partner_program.status_action
        for each row execute function partner_program.refuse_change();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.status_action;
      drop function partner_program.take_timeline;
      drop table partner_program.timeline;
      drop table partner_program.forecast_weight;
      drop table partner_program.unit;
      drop table partner_program.minimum_withdrawal;
      drop table partner_program.settings;
    `);
  }
}
