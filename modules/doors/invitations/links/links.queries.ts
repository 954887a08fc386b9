import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';
import { linkCode } from '../../../kernel/token';

/** Whose link it is, as far as its visitors may know, and where they will stand. */
export interface LinkOwner {
  readonly id: string;
  readonly userId: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly levelZero: boolean;
}

const OWNER = {
  name: 'links-owner',
  text: `
    select p.id, p.user_id, p.first_name, p.last_name,
           z.code is not null as level_zero
      from partner_program.partner p
      left join partner_program.level_zero_link z on z.partner_id = p.id and z.code = $1
     where (p.referral_code = $1 or z.code = $1) and p.status = 'active'
       and not exists (select from partner_program.suspension s
                        where s.partner_id = p.id and s.valid @> partner_program.now_ms())`,
};

/** The active partner whose referral or level-zero link carries this code. */
export async function ownerOfLink(tx: EntityManager, code: string): Promise<LinkOwner | undefined> {
  const [row] = await rows<LinkOwner>(tx, OWNER, [code]);
  return row;
}

const LEVEL_ZERO_CODE = {
  name: 'links-level-zero-code',
  text: `
    with added as (
      insert into partner_program.level_zero_link (partner_id, code) values ($1, $2)
      on conflict on constraint level_zero_link_pkey do nothing returning code
    )
    select code from added union all select code from partner_program.level_zero_link where partner_id = $1`,
};

/** The code of a partner's level-zero link, made when it is first asked for. */
export async function levelZeroCodeOf(tx: EntityManager, partnerId: string): Promise<string> {
  const [row] = await rows<{ code: string }>(tx, LEVEL_ZERO_CODE, [partnerId, linkCode()]);
  return row?.code ?? levelZeroCodeOf(tx, partnerId); // somebody else made it in the same moment
}
