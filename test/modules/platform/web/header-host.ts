import type { Request } from 'express';
import { Host, type HostUser, type Permission } from '../../../../modules/host';
import type { ActorPartner } from '../../../../modules/platform/web/access/actor';
import { PROGRAM_ROW } from '../../../support/known-program';

/** A host whose users are named by the header `x-user`: the host decides how it knows them. */
export class HeaderHost extends Host {
  readonly permissions: Record<string, Permission[]> = {
    admin: ['participate', 'viewAllPartners', 'manageBalances', 'inviteLevelZero', 'configure'],
    guest: [],
    stranger: [],
  };
  asked = 0;

  async currentUser(request: Request): Promise<HostUser | null> {
    this.asked += 1;
    const id = request.get('x-user');
    return id ? { id, firstName: id, lastName: 'Nowak', email: `${id}@crm.example`, phone: null, locale: null } : null;
  }
  async permissionsOf(userId: string): Promise<ReadonlySet<Permission>> {
    return new Set(this.permissions[userId] ?? ['participate']);
  }
  users = async () => [];
  usersWith = async () => [];
  supervisorOf = async () => null;
  clients = async () => [];
  contract = async () => null;
  statuses = async () => [];
  contractsChangedSince = async () => ({ changes: [], cursor: null });
  mailboxOf = async () => null;
  sendMail = async () => undefined;
}

const partner = (status: ActorPartner['status'], emailConfirmed = true): ActorPartner => ({
  id: '0190b6d5-0000-7000-8000-000000000001',
  firstName: 'Ewa',
  lastName: 'Nowak',
  email: 'ewa@crm.example',
  phone: null,
  locale: null,
  status,
  emailConfirmed,
  unseenNotifications: 10,
  place: null,
});
const PARTNERS: Record<string, ActorPartner> = {
  seller: partner('active'),
  unconfirmed: partner('active', false),
  suspended: partner('suspended'),
  waiting: partner('awaitingApproval'),
  former: partner('left'),
  guest: partner('active'),
};

/** What the web room asks the database: what holds in the program, and who a user is. */
export const partnerTable = {
  manager: {
    query: async ({ name }: { name: string }, [userId]: string[]) => {
      if (name === 'program-rules') return [PROGRAM_ROW];
      return PARTNERS[userId!] ? [PARTNERS[userId!]] : [];
    },
  },
};
