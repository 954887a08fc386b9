import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys by which machines ask the program, each for what its scopes allow. */
export class ApiKeys1764547200014 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.api_key (
        id uuid not null,
        name text not null,
        scopes text[] not null,
        key_hash text not null,
        hint text not null,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        created_by text not null,
        created_by_name text not null,
        expires_at timestamptz(3),
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        constraint api_key_pkey primary key (id),
        constraint api_key_hash_key unique (key_hash),
        constraint api_key_name_length check (length(name) between 1 and 100),
        constraint api_key_scopes_known check (cardinality(scopes) > 0 and scopes <@ array[
          'viewAllPartners:read', 'manageBalances:read', 'manageBalances:write', 'inviteLevelZero:read',
          'inviteLevelZero:write', 'configure:read', 'configure:write']),
        constraint api_key_expires_later check (expires_at > created_at)
      );

      -- What a key may do and until when is settled when it is made, and a revoked one never comes back.
      create function partner_program.api_key_settled() returns trigger
        language plpgsql as $$
      declare
        moving constant text[] := array['last_used_at', 'revoked_at'];
      begin
        if to_jsonb(new) - moving is distinct from to_jsonb(old) - moving
           or old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at
        then
          raise exception 'an API key is used and revoked, but never changed' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger api_key_settled before update on partner_program.api_key
        for each row execute function partner_program.api_key_settled();

      create function partner_program.audit_api_key() returns trigger
        language plpgsql as $$
      begin
        if tg_op = 'INSERT' then
          perform partner_program.record_difference('apiKey.made', 'apiKey', new.id::text, null, null,
            jsonb_build_object('name', new.name, 'scopes', new.scopes, 'expiresAt', new.expires_at));
        else
          perform partner_program.record_change('apiKey.revoked', 'apiKey', new.id::text, null, null, null, null);
        end if;
        return null;
      end $$;
      create trigger api_key_audited after insert on partner_program.api_key
        for each row execute function partner_program.audit_api_key();
      create trigger api_key_end_audited after update of revoked_at on partner_program.api_key
        for each row when (old.revoked_at is null and new.revoked_at is not null)
        execute function partner_program.audit_api_key();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.api_key;
      drop function partner_program.audit_api_key();
      drop function partner_program.api_key_settled();
    `);
  }
}
