import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';

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
    select v.id as "versionId", v.number, v.title, v.sha256, octet_length(v.file) as size,
           v.require_acceptance as "requireAcceptance", v.uploaded_by as "uploadedBy", v.uploaded_at as "uploadedAt",
           v.published_at as "publishedAt",
           v.published_at is not null
             and v.published_at = (select max(published_at) from partner_program.terms_version) as "inForce",
           (select count(*) from partner_program.terms_acceptance a where a.terms_version_id = v.id)::integer as acceptances
      from partner_program.terms_version v order by v.number desc`,
};

/** Every version with how many partners accepted it, the newest first. */
export function listTerms(tx: EntityManager): Promise<TermsListRow[]> {
  return run(tx, LIST);
}

const OWES_ACCEPTANCE = {
  name: 'terms-owes-acceptance',
  text: `
    select exists (
      select 1 from partner_program.terms_version required
       where required.published_at is not null and required.require_acceptance
         and not exists (
           select 1 from partner_program.terms_acceptance a
             join partner_program.terms_version accepted on accepted.id = a.terms_version_id
            where a.partner_id = $1 and accepted.published_at >= required.published_at)) as owes`,
};

/** Whether a version that asks for acceptance was published since the partner last accepted one. */
export async function owesAcceptance(tx: EntityManager, partnerId: string): Promise<boolean> {
  const [row] = await run<{ owes: boolean }>(tx, OWES_ACCEPTANCE, [partnerId]);
  return row!.owes;
}
