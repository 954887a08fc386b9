import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A payout account has a time in which it counts: a changed one begins three days later. */
export class PayoutAccountRanges1763741887000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table partner_program.payout_account
        drop constraint payout_account_pkey,
        add column id bigint generated always as identity,
        add column valid tstzrange,
        add constraint payout_account_pkey primary key (id);
      alter table partner_program.payout_account
        alter column valid type tstzrange using tstzrange(changed_at, null),
        alter column valid set not null,
        add constraint payout_account_not_empty check (not isempty(valid)),
        add constraint payout_account_one_at_a_time exclude using gist (partner_id with =, valid with &&);

      -- The first account counts at once, a further one in 72 hours, whoever writes the row; until then the account
      -- before it counts on. A change that still waits gives way to a later one.
      create function partner_program.payout_account_waits() returns trigger
        language plpgsql as $$
      declare
        begins timestamptz;
      begin
        perform from partner_program.partner where id = new.partner_id for no key update;
        new.changed_at := partner_program.now_ms();
        begins := new.changed_at + interval '72 hours';
        delete from partner_program.payout_account a
         where a.partner_id = new.partner_id and lower(a.valid) > new.changed_at;
        update partner_program.payout_account a set valid = tstzrange(lower(a.valid), begins)
         where a.partner_id = new.partner_id and a.valid @> new.changed_at;
        new.valid := tstzrange(case when found then begins else new.changed_at end, null);
        return new;
      end $$;
      create trigger payout_account_waits before insert on partner_program.payout_account
        for each row execute function partner_program.payout_account_waits();

      create function partner_program.payout_account_kept() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'valid' is distinct from to_jsonb(old) - 'valid'
           or lower(new.valid) is distinct from lower(old.valid)
        then
          raise exception 'a payout account is followed by another one and never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger payout_account_kept before update on partner_program.payout_account
        for each row execute function partner_program.payout_account_kept();

      drop trigger payout_account_audited on partner_program.payout_account;
      create trigger payout_account_audited after insert on partner_program.payout_account
        for each row execute function partner_program.audited(
          'payoutAccount.changed', 'partner', 'partner_id', 'partner_id', 'kind', 'pix_kind', 'value*');
      create trigger payout_account_stay_audited after update on partner_program.payout_account
        for each row when (not upper_inf(old.valid) and upper_inf(new.valid))
        execute function partner_program.audited('payoutAccount.changeStopped', 'partner', 'partner_id', 'partner_id');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger payout_account_stay_audited on partner_program.payout_account;
      drop trigger payout_account_audited on partner_program.payout_account;
      drop trigger payout_account_kept on partner_program.payout_account;
      drop trigger payout_account_waits on partner_program.payout_account;
      drop function partner_program.payout_account_kept();
      drop function partner_program.payout_account_waits();
      delete from partner_program.payout_account where not valid @> partner_program.now_ms();
      alter table partner_program.payout_account
        drop column valid,
        drop column id,
        add constraint payout_account_pkey primary key (partner_id);
      create trigger payout_account_audited after insert or update on partner_program.payout_account
        for each row execute function partner_program.audited(
          'payoutAccount.changed', 'partner', 'partner_id', 'partner_id', 'kind', 'pix_kind', 'value*');
    `);
  }
}
