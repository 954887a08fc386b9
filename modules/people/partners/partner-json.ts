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
}: Pick<
  Partner,
  'id' | 'firstName' | 'lastName' | 'email' | 'phone' | 'status' | 'sponsorId' | 'joinedAt' | 'emailConfirmedAt'
>) {
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
