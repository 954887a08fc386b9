import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is forgotten in time: from where somebody acted, and news that were read long ago. */
export class Forgetting1763741911000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Who did what is known for good. From which address of the network, for a year, and of a partner's own doings
      -- until the partner has left.
      create function partner_program.only_forget_old_address() returns trigger
        language plpgsql as $$
      begin
        if to_jsonb(new) - 'ip' is distinct from to_jsonb(old) - 'ip' or new.ip is not null
           or not (old.at < partner_program.now_ms() - interval '365 days'
                   or exists (select from partner_program.partner p
                               where p.status = 'left'
                                 and (old.actor = 'partner:' || p.id
                                      or old.actor = 'user:' || p.user_id and old.partner_id = p.id)))
        then
          raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
        end if;
        return new;
      end $$;
      drop trigger audit_record_kept on partner_program.audit_record;
      create trigger audit_record_kept before delete on partner_program.audit_record
        for each row execute function partner_program.refuse_change();
      create trigger audit_record_forgets before update on partner_program.audit_record
        for each row execute function partner_program.only_forget_old_address();
      create index audit_record_addressed on partner_program.audit_record (at) where ip is not null;

      -- A sponsor is told of a new partner once, also when the partner's address is confirmed again years later.
      create trigger notification_of_partner_kept before delete on partner_program.notification
        for each row when (old.kind = 'newPartner') execute function partner_program.refuse_change();
      create index notification_old on partner_program.notification (created_at) where kind <> 'newPartner';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index partner_program.notification_old;
      drop trigger notification_of_partner_kept on partner_program.notification;
      drop index partner_program.audit_record_addressed;
      drop trigger audit_record_forgets on partner_program.audit_record;
      drop trigger audit_record_kept on partner_program.audit_record;
      create trigger audit_record_kept before update or delete on partner_program.audit_record
        for each row execute function partner_program.refuse_change();
      drop function partner_program.only_forget_old_address();
    `);
  }
}
