import { Accounts1764547200010 } from './1764547200010-accounts';
import { ApiKeys1764547200014 } from './1764547200014-api-keys';
import { Audit1764547200013 } from './1764547200013-audit';
import { Commissions1764547200007 } from './1764547200007-commissions';
import { Documents1764547200005 } from './1764547200005-documents';
import { Foundation1764547200001 } from './1764547200001-foundation';
import { Invitations1764547200011 } from './1764547200011-invitations';
import { Jobs1764547200009 } from './1764547200009-jobs';
import { Ledger1764547200003 } from './1764547200003-ledger';
import { Notifications1764547200012 } from './1764547200012-notifications';
import { People1764547200004 } from './1764547200004-people';
import { Plans1764547200006 } from './1764547200006-plans';
import { Program1764547200002 } from './1764547200002-program';
import { Redemptions1764547200008 } from './1764547200008-redemptions';
import { Rights1764547200017 } from './1764547200017-rights';
import { Seals1764547200016 } from './1764547200016-seals';
import { Webhooks1764547200015 } from './1764547200015-webhooks';

/** The module's migrations, which run by their timestamps; they live in the schema `partner_program` and nowhere else. */
export const partnerProgramMigrations = [
  Foundation1764547200001,
  Program1764547200002,
  Ledger1764547200003,
  People1764547200004,
  Documents1764547200005,
  Plans1764547200006,
  Commissions1764547200007,
  Redemptions1764547200008,
  Jobs1764547200009,
  Accounts1764547200010,
  Invitations1764547200011,
  Notifications1764547200012,
  Audit1764547200013,
  ApiKeys1764547200014,
  Webhooks1764547200015,
  Seals1764547200016,
  Rights1764547200017,
];
