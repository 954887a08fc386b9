import type { EntityManager } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { rows } from '../../kernel/query';

export interface TermsListRow {
  readonly versionId: string;
  readonly number: number;
  readonly title: string;
  readonly sha256: string;
  readonly size: number;
  readonly requireAcceptance: boolean;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
  readonly publishedAt: Date | null;
  readonly inForce: boolean;
  readonly acceptances: number;
}

const LIST = {
  name: 'terms-list',
  text: `
    select v.id as version_id, v.number, v.title, v.sha256, octet_length(v.file) as size,
           v.require_acceptance, v.uploaded_by, v.uploaded_at,
           v.published_at,
           v.published_at is not null
             and v.published_at = (select max(published_at) from partner_program.terms_version) as in_force,
           (select count(*) from partner_program.terms_acceptance a where a.terms_version_id = v.id)::integer as acceptances
      from partner_program.terms_version v order by v.number desc`,
};

/** Every version with how many partners accepted it, the newest first. */
export function listTerms(tx: EntityManager): Promise<TermsListRow[]> {
  return rows(tx, LIST);
}

const OWES_ACCEPTANCE = {
  name: 'terms-owes-acceptance',
  text: `select partner_program.owes_acceptance($1) as owes`,
};

/** Whether a version that asks for acceptance was published since the partner last accepted one. */
export async function owesAcceptance(tx: EntityManager, partnerId: string): Promise<boolean> {
  const [row] = await rows<{ owes: boolean }>(tx, OWES_ACCEPTANCE, [partnerId]);
  return row!.owes;
}

/** Who accepted a version, and how. */
export interface AcceptanceRow {
  readonly id: string;
  readonly partnerId: string;
  readonly name: string;
  readonly email: string;
  readonly acceptedAt: Date;
  readonly locale: Locale;
  readonly ip: string | null;
}

const ACCEPTANCE = `
      a.id, a.partner_id, p.first_name || ' ' || p.last_name as name, p.email,
      a.accepted_at, a.locale, host(a.ip) as ip`;

const ACCEPTANCES = {
  name: 'terms-acceptances',
  text: `
    select ${ACCEPTANCE}
      from partner_program.terms_acceptance a join partner_program.partner p on p.id = a.partner_id
     where a.terms_version_id = $1 and ($2::bigint is null or a.id < $2)
     order by a.id desc limit $3`,
};

/** The acceptances of a version, the latest first, from below the one with this id. */
export function acceptancesOf(
  tx: EntityManager,
  versionId: string,
  { before, limit }: { before?: string; limit: number },
): Promise<AcceptanceRow[]> {
  return rows(tx, ACCEPTANCES, [versionId, before ?? null, limit]);
}

export interface ReceiptRow extends AcceptanceRow {
  readonly number: number;
  readonly title: string;
  readonly sha256: string;
}

const RECEIPT = {
  name: 'terms-receipt',
  text: `
    select ${ACCEPTANCE}, v.number, v.title, a.sha256
      from partner_program.terms_acceptance a
      join partner_program.partner p on p.id = a.partner_id
      join partner_program.terms_version v on v.id = a.terms_version_id
     where a.partner_id = $1 and a.terms_version_id = $2`,
};

export async function receiptOf(
  tx: EntityManager,
  partnerId: string,
  versionId: string,
): Promise<ReceiptRow | undefined> {
  const [row] = await rows<ReceiptRow>(tx, RECEIPT, [partnerId, versionId]);
  return row;
}
