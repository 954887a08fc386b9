import type { RefusalCode } from '../modules/kernel/refusal';

/** What only a person can say about an operation; everything else is read from the code that serves it. */
export interface Operation {
  /** Unique, the verb first: generated clients call it so. */
  readonly id: string;
  readonly summary: string;
  /** Of an answer that is a file. */
  readonly media?: string;
  /** Another status that means success, and when. */
  readonly also?: readonly [status: number, when: string];
  /** Refusals of the code it goes through that it cannot come to. */
  readonly never?: readonly RefusalCode[];
}

type Words = readonly [id: string, summary: string, more?: Omit<Operation, 'id' | 'summary'>];

const CSV = 'text/csv';
const PDF = 'application/pdf';
const ZIP = 'application/zip';
const SVG = 'image/svg+xml';

const WORDS: Readonly<Record<string, Words>> = {
  'DashboardController.show': [
    'getDashboard',
    'What a partner sees first: links, wallets, movements, network, rates.',
    { never: ['INVALID_INPUT', 'NOT_FOUND'] },
  ],

  'OverviewController.show': [
    'getOverview',
    'What waits, what the program costs and who joins; what a permission does not cover is absent.',
    { never: ['INVALID_INPUT', 'NOT_FOUND'] },
  ],
  'SearchController.search': [
    'search',
    'People, contracts and requests that the asker may see, at most five of a kind.',
  ],

  'AccountsController.show': ['getAccount', 'The own login: address, sessions, rules for passwords.'],
  'AccountsController.notice': ['getNotice', 'The page that says what a form has done.'],
  'CrmUsersController.tie': [
    'tiePartnerToUser',
    'Say which CRM user a partner is, or that the partner has no CRM account.',
  ],
  'EmailsController.resend': ['resendEmailConfirmation', 'Mail the link that confirms the own address once more.'],
  'EmailsController.form': ['getConfirmationRequestForm', 'The page that asks for a new link to confirm an address.'],
  'EmailsController.request': [
    'requestEmailConfirmation',
    'Mail the link that confirms an address once more; the same answer for every address.',
  ],
  'EmailsController.look': ['getEmailConfirmation', 'Which address a mailed link confirms; looking uses nothing up.'],
  'EmailsController.confirm': ['confirmEmail', 'Confirm an address by the mailed link; a second time changes nothing.'],
  'EmailsController.requestChange': ['requestEmailChange', 'Change the own address; both addresses are mailed a link.'],
  'EmailsController.lookAtChange': [
    'getEmailChange',
    'Which address a mailed link changes to; looking uses nothing up.',
  ],
  'EmailsController.confirmChange': ['confirmEmailChange', 'Agree to a change of address by the mailed link.'],
  'PasswordsController.form': ['getPasswordResetForm', 'The page that asks for a reset.'],
  'PasswordsController.request': [
    'requestPasswordReset',
    'Mail a link to set a password; the same answer for every address.',
  ],
  'PasswordsController.look': ['getPasswordReset', 'Whose password a mailed link sets; looking uses nothing up.'],
  'PasswordsController.reset': ['resetPassword', 'Set a password by the mailed link, once; every session ends.'],
  'PasswordsController.change': ['changePassword', 'Change the own password; every other session ends.'],
  'SessionsController.login': ['getLoginForm', 'The page to log in on.'],
  'SessionsController.logIn': ['logIn', 'Log in as a partner without a CRM account; sets the session cookie.'],
  'SessionsController.list': ['listSessions', 'Where the own login is open.'],
  'SessionsController.logOut': ['logOut', 'End this session.'],
  'SessionsController.end': ['endSession', 'End one of the own sessions.'],

  'ProfileController.show': [
    'getProfile',
    'The own membership: the person, the place in the tree, what leaving would mean.',
  ],
  'ProfileController.change': ['changeProfile', 'Change how the program reaches the partner.'],
  'ProfileController.export': [
    'exportProfile',
    'Everything that is stored about the partner, as a ZIP of JSON files and documents.',
    { media: ZIP },
  ],
  'ProfileController.leave': ['leave', 'Leave the program; what is left in the wallet is given up by a tick.'],

  'MembershipController.get': [
    'getMembership',
    'Whether a CRM user is a partner, may become one, and what is in the way.',
  ],
  'MembershipController.join': ['join', 'Become a partner: accept the terms and stand under the own supervisor.'],
  'ExceptionsController.list': ['listStuckUsers', 'CRM users who cannot join because their supervisor cannot.'],
  'ExceptionsController.grant': [
    'grantJoinException',
    'Let a CRM user join below the next supervisor above who has joined.',
  ],
  'SubordinatesController.list': ['listSubordinates', 'CRM users directly below the asker who have not joined.'],
  'SubordinatesController.invite': ['inviteSubordinate', 'Mail a subordinate that joining is possible; once a day.'],
  'MembershipController.remind': ['remindSupervisor', 'Ask the supervisor to join, once a day.'],

  'TermsController.list': ['listTerms', 'Every version of the terms.'],
  'TermsController.upload': [
    'uploadTerms',
    'Upload a version of the terms, a PDF of at most 10 MB; in force once published.',
  ],
  'TermsController.publish': ['publishTerms', 'Put a version of the terms in force from now on.'],
  'TermsController.acceptances': ['listAcceptances', 'Who accepted a version of the terms, the latest first.'],
  'TermsController.current': ['getCurrentTerms', 'The terms in force.'],
  'TermsController.file': ['getCurrentTermsFile', 'The terms in force, byte for byte as uploaded.', { media: PDF }],
  'TermsController.accept': ['acceptTerms', 'Accept the terms in force.'],
  'TermsController.receipt': ['getTermsReceipt', 'The own acceptance on paper.', { media: PDF }],

  'InvitationsController.list': ['listInvitations', 'The own invitations, the latest first.'],
  'InvitationsController.sender': ['getInvitationSender', 'Which mailbox an invitation would be sent from.'],
  'InvitationsController.preview': ['previewInvitation', 'An invitation as its receiver would read it.'],
  'InvitationsController.invite': [
    'invite',
    'Invite one address by e-mail; valid for 14 days.',
    { never: ['NOT_FOUND'] },
  ],
  'InvitationsController.get': ['getInvitation', 'One of the own invitations.'],
  'InvitationsController.resend': ['resendInvitation', 'Send an invitation again, with a new link and its whole time.'],
  'InvitationsController.revoke': ['revokeInvitation', 'End every link of an invitation.'],
  'LinksController.referralSheet': ['getReferralLink', 'The own referral link, as a sheet to print.'],
  'LinksController.levelZeroSheet': [
    'getLevelZeroLink',
    'The own link to level zero, as a sheet to print; for holders of `inviteLevelZero`.',
  ],
  'LinksController.referralLink': ['getReferralLinkPicture', 'The own referral link as a QR code.', { media: SVG }],
  'LinksController.levelZeroLink': [
    'getLevelZeroLinkPicture',
    'The own link to level zero as a QR code; for holders of `inviteLevelZero`.',
    { media: SVG },
  ],

  'RegistrationsController.invitation': [
    'getInvitationByToken',
    'What an invitation says; unknown, used, expired and revoked ones answer alike.',
  ],
  'RegistrationsController.accept': [
    'registerByInvitation',
    'Open the invited account and log in; the address counts as confirmed.',
    { never: ['ALREADY_JOINED', 'WRONG_CREDENTIALS'] },
  ],
  'RegistrationsController.receiver': ['getSuppression', 'Which address would not be invited again.'],
  'RegistrationsController.suppress': ['suppressInvitations', 'Never invite the receiver of this invitation again.'],
  'RegistrationsController.suppressed': ['getSuppressedNotice', 'The page that says so.'],
  'RegistrationsController.link': ['getRegistrationByLink', 'Whose link it is, and the terms to accept.'],
  'RegistrationsController.byLink': [
    'registerByLink',
    'Open an account by a referral link or a link to level zero, and log in.',
    { never: ['ALREADY_JOINED', 'WRONG_CREDENTIALS'] },
  ],
  'RegistrationsController.form': ['getRegistration', 'The terms to accept when registering without a link.'],
  'RegistrationsController.atLevelZero': [
    'register',
    'Open an account at level zero; it waits for approval.',
    { never: ['ALREADY_JOINED', 'WRONG_CREDENTIALS'] },
  ],
  'ApprovalsController.list': ['listApprovals', 'Who waits for approval, the longest first.'],
  'ApprovalsController.approve': ['approvePartner', 'Let a waiting partner in, at level zero.'],

  'NotificationsController.list': ['listNotifications', 'What the partner was told, the latest first.'],
  'NotificationsController.see': ['seeNotifications', 'Count everything told so far as seen.'],
  'PreferencesController.get': ['getNotificationPreferences', 'Which news the partner wants by mail.'],
  'PreferencesController.change': ['changeNotificationPreferences', 'Choose which news come by mail.'],
  'UnsubscriptionsController.subscription': [
    'getUnsubscription',
    'Which news a link in a mail ends; looking uses nothing up.',
  ],
  'UnsubscriptionsController.unsubscribe': ['unsubscribe', 'End these news by the link in a mail.'],
  'UnsubscriptionsController.unsubscribed': ['getUnsubscribedNotice', 'The page that says so.'],

  'PartnersController.list': [
    'listPartners',
    'The own downline, or everybody for holders of `viewAllPartners` or `manageBalances`.',
  ],
  'PartnersController.tree': ['listPartnerTree', 'The same as a tree, as far as it is unfolded.'],
  'PartnersController.map': ['getPartnerMap', 'The same as a map: everybody at once, where they are not too many.'],
  'PartnersController.get': [
    'getPartner',
    'A partner with the partners above; another one than may be seen answers 404.',
  ],
  'PartnersController.children': ['listChildren', 'The partners directly below a partner.'],
  'PartnersController.upline': [
    'listUpline',
    'The partners above a partner, the sponsor first, as far as they may be seen.',
  ],
  'PartnersController.suspend': ['suspendPartner', 'Suspend a partner from now on.'],
  'PartnersController.reinstate': ['reinstatePartner', 'End a suspension.'],
  'PartnersController.rank': ['setRank', 'Give a partner a rank of a differential plan.'],
  'MovesController.page': [
    'getMove',
    'Whom a partner may be moved to, and what that would change.',
    { never: ['PLACEMENT_PLANNED', 'PLACEMENT_UNCHANGED', 'TREE_CYCLE', 'TREE_TOO_DEEP', 'EFFECTIVE_DATE_PAST'] },
  ],
  'MovesController.move': [
    'movePartner',
    'Move a partner under another sponsor, or to the top; what was calculated stays.',
    { also: [200, 'With `preview=true`: what the move would do; nothing changes.'] },
  ],
  'ClientFlagsController.link': ['linkClient', 'Say which client of the CRM a partner is.'],
  'ClientFlagsController.list': ['listClientFlags', 'Which of these clients of the CRM are partners.'],

  'WalletsController.list': ['listWallets', 'The wallets of a partner; with one only, its version is the entity tag.'],
  'WalletsController.entries': [
    'listEntries',
    'Movements of a partner’s wallets, the newest first, each with the balance after it.',
  ],
  'StatementsController.csv': ['exportEntries', 'The movements as a table.', { media: CSV }],
  'StatementsController.pdf': ['getStatement', 'The movements as a statement on paper.', { media: PDF }],
  'WalletsController.check': ['previewAdjustment', 'What a correction of a balance would leave; nothing is written.'],
  'WalletsController.adjust': ['adjustWallet', 'Correct a balance by a further entry with its reason.'],
  'PayoutAccountsController.show': ['getPayoutAccount', 'Where the partner is paid, masked.'],
  'PayoutAccountsController.change': [
    'setPayoutAccount',
    'Change where the partner is paid, 72 hours from now unless it is the first account; pending withdrawals keep theirs.',
  ],
  'PayoutAccountsController.stopChange': ['stopPayoutAccountChange', 'Keep the account that counts now.'],
  'WithdrawalsController.request': [
    'requestWithdrawal',
    'Ask for a payout; the amount waits on hold.',
    { never: ['WALLET_CHANGED'] },
  ],
  'WithdrawalsController.list': [
    'listWithdrawals',
    'Withdrawals, the newest first: the own ones, or everybody’s for holders of `manageBalances`.',
  ],
  'WithdrawalsController.form': ['getWithdrawalForm', 'What somebody who asks for a payout has to know.'],
  'WithdrawalsController.paymentFile': [
    'exportPayments',
    'Pending withdrawals for a bank: a table, or ISO 20022 pain.001.',
    { media: `${CSV} application/xml` },
  ],
  'WithdrawalsController.payAll': [
    'payWithdrawals',
    'Record many payouts at once, each for itself.',
    { never: ['INSUFFICIENT_FUNDS', 'NOT_FOUND', 'OWN_WITHDRAWAL', 'WALLET_CHANGED', 'WITHDRAWAL_NOT_PENDING'] },
  ],
  'WithdrawalsController.one': [
    'getWithdrawal',
    'One withdrawal with the last movements of its wallet and the payouts before it.',
  ],
  'WithdrawalsController.direct': [
    'takeAccountOver',
    'Take the present payout account over into the own pending request that names none.',
  ],
  'WithdrawalsController.cancel': ['cancelWithdrawal', 'Take the own request back.'],
  'WithdrawalsController.pay': [
    'payWithdrawal',
    'Record that the money was paid; the balance falls.',
    { never: ['WALLET_CHANGED'] },
  ],
  'WithdrawalsController.reject': [
    'rejectWithdrawal',
    'Free the amount, with a word to the partner why.',
    { never: ['INSUFFICIENT_FUNDS', 'WALLET_CHANGED'] },
  ],

  'CommissionsController.preview': [
    'previewCommission',
    'Who earns or earned what from a contract, and why; a partner sees the own lines.',
  ],
  'CommissionsController.table': ['exportCommissionPreview', 'The same as a table.', { media: CSV }],
  'CommissionListController.list': [
    'listCommissions',
    'What contracts of the network pay a partner and are expected to pay, with the exact sums of the filter.',
  ],
  'CommissionListController.table': ['exportCommissions', 'The same as a table.', { media: CSV }],
  'CommissionsController.commissions': ['listContractCommissions', 'What was posted for a contract, and reversed.'],
  'ExplanationsController.show': [
    'explainEntry',
    'How a movement of a commission came about: base, rate, rounding, rule and path.',
  ],
  'RederivationController.check': [
    'checkCommissions',
    'Calculate every commission again and compare it with what is stored.',
  ],
  'SimulationController.show': [
    'getSimulation',
    'A plan version with what it would have paid in a time, where one is given.',
  ],
  'SimulationController.simulate': [
    'simulatePlan',
    'What contracts of a time cost, and would have cost under a plan version.',
  ],

  'PlansController.list': ['listPlans', 'Every version of every plan.'],
  'PlansController.draft': [
    'draftPlan',
    'Write a plan, or the next version of the one of that name.',
    { never: ['NOT_FOUND'] },
  ],
  'PlansController.end': ['endPlan', 'End a version without a successor, now or later.'],
  'PlansController.activate': ['activatePlan', 'Put a plan version in force, now or from a later moment on.'],
  'SettingsController.get': ['getSettings', 'The settings of the program.'],
  'SettingsController.change': ['changeSettings', 'Change settings of the program.'],
  'ClientLinksController.own': ['listClientLinks', 'The clients whom the asker referred.'],
  'ClientLinksController.submit': [
    'referClient',
    'Refer a client; the answer does not tell whether the company knows it.',
  ],
  'ClientLinksController.reviews': ['listReviews', 'What partners submitted and the company has to decide.'],
  'ClientLinksController.approve': ['approveClientLink', 'Tie a referral to a client of the CRM from now on.'],
  'ClientLinksController.reject': ['rejectClientLink', 'Reject a referral.'],
  'ClientLinksController.end': ['endClientLink', 'End a running referral; what accrued stays.'],
  'UnitsController.list': ['listUnits', 'The units of the program beside the currencies of ISO 4217.'],
  'UnitsController.define': ['defineUnit', 'Define a unit of the program, such as points.'],
  'UnitsController.change': [
    'changeUnit',
    'Change what a unit is called and worth, or its decimals while no account uses it.',
  ],
  'SettingsController.statuses': ['listContractStatuses', 'What each contract status of the CRM does.'],
  'SettingsController.setStatuses': ['setContractStatuses', 'Set what contract statuses do from now on.'],

  'ApiKeysController.list': ['listApiKeys', 'The keys of machines, without the keys themselves.'],
  'ApiKeysController.make': ['makeApiKey', 'Make a key for a machine; this answer is the only one that holds it.'],
  'ApiKeysController.revoke': ['revokeApiKey', 'End a key at once.'],
  'WebhooksController.list': ['listWebhooks', 'Who listens to what, and how the program and its host get on.'],
  'WebhooksController.add': ['addWebhook', 'Add a webhook; this answer is the only one that holds its secret.'],
  'WebhooksController.change': ['changeWebhook', 'Change a webhook, or switch it on and off.'],
  'WebhooksController.remove': ['removeWebhook', 'Tell a webhook nothing more.'],
  'WebhooksController.rotate': ['rotateWebhookSecret', 'Make a new secret; for a day both of them sign.'],
  'WebhooksController.test': ['testWebhook', 'Send a webhook something that means nothing.'],
  'WebhooksController.deliveries': [
    'listWebhookDeliveries',
    'What a webhook was told and how it answered, the newest first.',
  ],
  'WebhooksController.replayFailed': [
    'replayFailedWebhookDeliveries',
    'Tell a webhook everything again that did not come through.',
  ],
  'WebhooksController.replay': ['replayWebhookDelivery', 'Tell a webhook something again, under the same webhook-id.'],
  'IntegrityController.check': ['checkIntegrity', 'Check every rule of the ledger.'],
  'AuditController.list': ['listAudit', 'Who changed what, when and why, the newest first.'],
  'AuditController.csv': ['exportAudit', 'The audit log as a table.', { media: CSV }],
  'JobsController.list': ['listJobs', 'Jobs of the worker, those that failed for good first.'],
  'JobsController.retry': ['retryJob', 'Try a job that failed for good once more.'],
  'AssetsController.file': ['getAsset', 'A file that the pages load.', { media: '*/*' }],
  'MetricsController.read': [
    'readMetrics',
    'Numbers for Prometheus, by the bearer token of the installation.',
    { media: 'text/plain' },
  ],
  'HealthController.live': ['isLive', 'Whether the process answers.'],
  'HealthController.ready': ['isReady', 'Whether the process can do its work.', { also: [503, 'It cannot.'] }],
  'DescriptionController.show': ['getDescription', 'This document.'],
};

/** @throws for a handler that nobody has described, with what to do about it */
export function operationOf(controller: string, handler: string): Operation {
  const words = WORDS[`${controller}.${handler}`];
  if (!words) throw new Error(`Say in openapi/operations.ts what ${controller}.${handler} does.`);
  const [id, summary, more] = words;
  return { id, summary, ...more };
}

/** Descriptions of handlers that are no more. */
export function forgottenOperations(handlers: ReadonlySet<string>): string[] {
  return Object.keys(WORDS).filter((key) => !handlers.has(key));
}
