import type { EntityManager } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { rows, run } from '../../kernel/query';

export interface Contact {
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly locale: Locale;
}

const SET_CONTACT = {
  name: 'profile-set-contact',
  text: `
    with named as (
      update partner_program.partner set first_name = $2, last_name = $3, phone = $4, locale = $5
       where id = $1 and user_id is null and status <> 'left'
      returning id, lower(last_name || ' ' || first_name) as key
    )
    update partner_program.partner_path set name_key = named.key from named where partner_id = named.id`,
};

export async function setContact(tx: EntityManager, partnerId: string, contact: Contact): Promise<void> {
  const { firstName, lastName, phone, locale } = contact;
  await run(tx, SET_CONTACT, [partnerId, firstName, lastName, phone, locale]);
}

/** Terms as one partner accepted them. */
export interface OwnAcceptance {
  readonly versionId: string;
  readonly number: number;
  readonly title: string;
  readonly sha256: string;
  readonly acceptedAt: Date;
  readonly locale: Locale;
  readonly ip: string | null;
}

const ACCEPTANCES = {
  name: 'profile-acceptances',
  text: `
    select v.id as version_id, v.number, v.title, a.sha256, a.accepted_at, a.locale, host(a.ip) as ip
      from partner_program.terms_acceptance a join partner_program.terms_version v on v.id = a.terms_version_id
     where a.partner_id = $1 order by a.id desc`,
};

/** Everything a partner accepted, the latest first. */
export function acceptancesBy(tx: EntityManager, partnerId: string): Promise<OwnAcceptance[]> {
  return rows(tx, ACCEPTANCES, [partnerId]);
}
