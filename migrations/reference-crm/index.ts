import { CrmPeople1763700000001 } from './1763700000001-people';
import { CrmContracts1763700000002 } from './1763700000002-contracts';
import { CrmMailHeaders1763700000003 } from './1763700000003-mail-headers';

/** The reference CRM's own tables, schema `crm`; not part of the published module. */
export const referenceCrmMigrations = [CrmPeople1763700000001, CrmContracts1763700000002, CrmMailHeaders1763700000003];
