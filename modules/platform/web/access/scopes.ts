import type { Permission } from '../../../host';

/**
 * What an API key may be made for: a permission, to read by it or to change things too. `participate` is missing
 * because a machine is nobody's partner.
 */
export const SCOPES = [
  'viewAllPartners:read',
  'manageBalances:read',
  'manageBalances:write',
  'inviteLevelZero:read',
  'inviteLevelZero:write',
  'configure:read',
  'configure:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The permissions that scopes give a request: whoever may write may read, but not the other way round. */
export function permissionsOf(scopes: readonly Scope[], writing: boolean): Set<Permission> {
  const sufficient = writing ? scopes.filter((scope) => scope.endsWith(':write')) : scopes;
  return new Set(sufficient.map((scope) => scope.split(':')[0] as Permission));
}
