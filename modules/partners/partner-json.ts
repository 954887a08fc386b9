import type { Partner } from './partner.entity';

/** A partner as everybody who may open the account sees it. */
export function partnerJson({
  id,
  firstName,
  lastName,
  email,
  phone,
  status,
  sponsorId,
  joinedAt,
  emailConfirmedAt,
}: Partner) {
  return {
    id,
    firstName,
    lastName,
    email,
    phone,
    status,
    sponsorId,
    joinedAt,
    emailConfirmed: emailConfirmedAt !== null,
  };
}
