import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The terms as uploaded, byte for byte, and who accepted which of them. */
export class Documents1764547200005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.terms_version (
        id uuid not null,
        number integer generated always as identity,
        title text not null,
        file bytea not null,
        sha256 text not null,
        require_acceptance boolean not null,
        uploaded_by text not null,
        uploaded_at timestamptz(3) not null default partner_program.now_ms(),
        published_at timestamptz(3),
        constraint terms_version_pkey primary key (id),
        constraint terms_version_file_key unique (id, sha256),
        constraint terms_version_size check (octet_length(file) between 1 and 10485760),
        constraint terms_version_hash_true check (sha256 = encode(sha256(file), 'hex'))
      );

      alter table partner_program.terms_version alter column file set storage external;
      create index terms_version_in_force on partner_program.terms_version (published_at desc) where published_at is not null;

      create function partner_program.terms_frozen() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'published_at' is distinct from to_jsonb(old) - 'published_at' then
          raise exception 'terms are never edited: upload a new version' using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger terms_version_frozen before update on partner_program.terms_version
        for each row execute function partner_program.terms_frozen();

      -- The hash is part of the foreign key: an acceptance can only name the bytes of that version.
      create table partner_program.terms_acceptance (
        id bigint generated always as identity,
        partner_id uuid not null,
        terms_version_id uuid not null,
        sha256 text not null,
        accepted_at timestamptz(3) not null default partner_program.now_ms(),
        ip inet,
        locale text not null,
        constraint terms_acceptance_pkey primary key (id),
        constraint terms_acceptance_locale_known check (locale in ('pl', 'pt-BR', 'en')),
        constraint terms_acceptance_once unique (partner_id, terms_version_id),
        constraint terms_acceptance_partner_fkey foreign key (partner_id) references partner_program.partner (id),
        constraint terms_acceptance_version_fkey foreign key (terms_version_id, sha256)
          references partner_program.terms_version (id, sha256)
      );

      -- An acceptance is kept for ever; from where it was given may be forgotten once its partner has left.
      create function partner_program.only_forget_address() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'ip' is distinct from to_jsonb(old) - 'ip' or new.ip is not null
           or not exists (select from partner_program.partner where id = old.partner_id and status = 'left')
        then
          raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
        end if;
        return new;
      end $$;
      create trigger terms_acceptance_kept before delete on partner_program.terms_acceptance
        for each row execute function partner_program.refuse_change();
      create trigger terms_acceptance_forgets before update on partner_program.terms_acceptance
        for each row execute function partner_program.only_forget_address();

      -- Whether a version that asks for acceptance was published since the partner last accepted one.
      create function partner_program.owes_acceptance(partner uuid) returns boolean
        language sql stable as $$
        select exists (
          select 1 from partner_program.terms_version required
           where required.published_at is not null and required.require_acceptance
             and not exists (
               select 1 from partner_program.terms_acceptance a
                 join partner_program.terms_version accepted on accepted.id = a.terms_version_id
                where a.partner_id = partner and accepted.published_at >= required.published_at))
      $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function partner_program.owes_acceptance;
      drop table partner_program.terms_acceptance;
      drop function partner_program.only_forget_address();
      drop table partner_program.terms_version;
      drop function partner_program.terms_frozen();
    `);
  }
}
