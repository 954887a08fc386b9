import type { Request } from 'express';
import { PERMISSIONS, type ContractChange, type Host, type Permission } from '../host';

/** What the test must know of a host's data, to tell a right answer from a wrong one. */
export interface HostSample {
  /** An active user who has a supervisor and a mailbox, and holds `granted` but not `denied`. */
  readonly userId: string;
  readonly supervisorId: string;
  readonly mailbox: string;
  readonly granted: Permission;
  readonly denied: Permission;
  /** An active user with neither supervisor nor mailbox. */
  readonly topUserId: string;
  readonly clientId: string;
  /** A contract in which `userId` is the seller and `clientId` the client. */
  readonly contractId: string;
  /** Ids of no user, client or contract; best one of the usual form and one of quite another. */
  readonly unknownIds: readonly string[];
  /** A request as it reaches the program from this user, or from nobody. */
  requestOf(userId: string | null): Promise<Request>;
  /** Changes the value of `contractId`, each time to another one, and commits. */
  changeContract(): Promise<void>;
}

export interface HostUnderTest {
  readonly host: Host;
  readonly sample: HostSample;
  close(): Promise<void>;
}

interface Expectation {
  readonly not: Expectation;
  readonly resolves: { toBe(expected: unknown): Promise<void>; toBeUndefined(): Promise<void> };
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toContain(expected: unknown): void;
  toBeGreaterThan(expected: number): void;
}

// The globals of Jest, Vitest and their like, as far as they are used here; none of them is imported, so that a
// host runs this under its own.
declare const describe: (title: string, body: () => void) => void;
declare const it: (title: string, body: () => Promise<void>, timeoutMs?: number) => void;
declare const beforeAll: (body: () => Promise<void>, timeoutMs?: number) => void;
declare const afterAll: (body: () => Promise<void>) => void;
declare const expect: (actual: unknown) => Expectation;

const START_TIMEOUT_MS = 60_000;
/** How long a change may stay out of `contractsChangedSince`, while transactions around it finish. */
const SETTLE_TIMEOUT_MS = 10_000;

/**
 * The contract between the program and its host, as a test: call it at the top of a test file.
 *
 * ```ts
 * describeHost(async () => ({ host: app.get(CrmHost), sample: { userId: … }, close: () => app.close() }));
 * ```
 */
export function describeHost(makeHost: () => Promise<HostUnderTest>): void {
  describe('the host contract', () => {
    let tested: HostUnderTest | undefined;
    beforeAll(async () => {
      tested = await makeHost();
    }, START_TIMEOUT_MS);
    afterAll(async () => tested?.close());

    const started = () => tested!;
    describePeople(started);
    describeRecords(started);
    describeChanges(started);
  });
}

function describePeople(tested: () => HostUnderTest): void {
  it('tells who sends a request, and null for nobody', async () => {
    const { host, sample } = tested();
    const [user] = await host.users([sample.userId]);
    expect(await host.currentUser(await sample.requestOf(sample.userId))).toEqual(user);
    expect(await host.currentUser(await sample.requestOf(null))).toBe(null);
  });

  it('answers with the users asked for, and leaves the unknown ones out', async () => {
    const { host, sample } = tested();
    const users = await host.users([sample.userId, ...sample.unknownIds, sample.supervisorId]);
    expect(users.map(({ id }) => id).sort()).toEqual([sample.userId, sample.supervisorId].sort());
    for (const user of users) {
      for (const text of [user.firstName, user.lastName, user.email]) expect(typeof text).toBe('string');
      for (const text of [user.phone, user.locale]) expect(text === null || typeof text === 'string').toBe(true);
    }
    expect(await host.users([])).toEqual([]);
    expect(await host.users(sample.unknownIds)).toEqual([]);
  });

  it('answers all that a user may do at once, in the words of the program; an unknown user may do nothing', async () => {
    const { host, sample } = tested();
    const permissions = await host.permissionsOf(sample.userId);
    expect(permissions.has(sample.granted)).toBe(true);
    expect(permissions.has(sample.denied)).toBe(false);
    for (const permission of permissions) expect(PERMISSIONS).toContain(permission);
    for (const id of sample.unknownIds) expect([...(await host.permissionsOf(id))]).toEqual([]);
  });

  it('finds exactly those users as holders of a permission to whom it grants that', async () => {
    const { host, sample } = tested();
    const users = new Set([sample.userId, sample.supervisorId, sample.topUserId]);
    const holders = new Map<Permission, ReadonlySet<string>>();
    for (const permission of PERMISSIONS) {
      const ids = (await host.usersWith(permission)).map(({ id }) => id);
      holders.set(permission, new Set(ids));
      for (const id of ids) users.add(id);
    }
    for (const id of users) {
      const granted = await host.permissionsOf(id);
      expect(PERMISSIONS.filter((permission) => holders.get(permission)?.has(id))).toEqual(
        PERMISSIONS.filter((permission) => granted.has(permission)),
      );
    }
  });

  it('names the supervisor by the same id as the user, and null at the top', async () => {
    const { host, sample } = tested();
    await expect(host.supervisorOf(sample.userId)).resolves.toBe(sample.supervisorId);
    for (const id of [sample.topUserId, ...sample.unknownIds]) await expect(host.supervisorOf(id)).resolves.toBe(null);
  });

  it('names the mailbox of who has one, and null for the others', async () => {
    const { host, sample } = tested();
    await expect(host.mailboxOf(sample.userId)).resolves.toBe(sample.mailbox);
    for (const id of [sample.topUserId, ...sample.unknownIds]) await expect(host.mailboxOf(id)).resolves.toBe(null);
  });

  it('takes a mail, and takes the same one again after a retry', async () => {
    const { host } = tested();
    const mail = { id: 'host-contract', to: 'somebody@example.com', from: null, subject: 'ąęł', text: 'a', html: null };
    await expect(host.sendMail(mail)).resolves.toBeUndefined();
    await expect(host.sendMail(mail)).resolves.toBeUndefined();
  });
}

function describeRecords(tested: () => HostUnderTest): void {
  it('answers with the clients asked for, and leaves the unknown ones out', async () => {
    const { host, sample } = tested();
    const clients = await host.clients([...sample.unknownIds, sample.clientId]);
    expect(clients.map(({ id }) => id)).toEqual([sample.clientId]);
    expect(await host.clients([])).toEqual([]);
  });

  it('tells a contract as it stands, in ids that the other methods know', async () => {
    const { host, sample } = tested();
    const contract = await host.contract(sample.contractId);
    expect({ id: contract?.id, sellerId: contract?.sellerId, clientId: contract?.clientId }).toEqual({
      id: sample.contractId,
      sellerId: sample.userId,
      clientId: sample.clientId,
    });
    expect(Number.isSafeInteger(contract?.valueMinor)).toBe(true);
    expect(Number.isSafeInteger(contract?.version)).toBe(true);
    for (const id of sample.unknownIds) expect(await host.contract(id)).toBe(null);
  });

  it('lists the statuses in their order, each key once, and the contract has one of them', async () => {
    const { host, sample } = tested();
    const statuses = await host.statuses();
    const positions = statuses.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(statuses.map(({ key }) => key)).size).toBe(statuses.length);
    expect(statuses.map(({ key }) => key)).toContain((await host.contract(sample.contractId))?.status);
  });
}

function describeChanges(tested: () => HostUnderTest): void {
  it('raises the version with every change, and tells the last one as the contract stands', async () => {
    const { host, sample } = tested();
    const before = await host.contract(sample.contractId);
    await sample.changeContract();
    const now = await host.contract(sample.contractId);
    expect(now?.version ?? 0).toBeGreaterThan(before?.version ?? 0);
    const last = (await changesUpTo(host, sample, null, now?.version)).at(-1);
    const { occurredAt, refundBps, refundMinor = null, ...contract } = last ?? {};
    expect(contract).toEqual(now);
    expect(occurredAt instanceof Date).toBe(true);
    for (const refund of [refundBps, refundMinor]) expect(refund === null || Number.isSafeInteger(refund)).toBe(true);
  });

  it('pages through changes, none lost and none repeated, oldest first', async () => {
    const { host, sample } = tested();
    for (let count = 0; count < 5; count++) await sample.changeContract();
    const version = (await host.contract(sample.contractId))?.version;
    const atOnce = await changesUpTo(host, sample, null, version);
    const inPages = (await pages(host, null, 2)).changes;
    expect(inPages.filter(isOf(sample)).map(keyOf)).toEqual(atOnce.map(keyOf));
    expect(new Set(inPages.map(keyOf)).size).toBe(inPages.length);
    const versions = atOnce.map((change) => change.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('goes on from a cursor with what came later, and stays there when nothing did', async () => {
    const { host, sample } = tested();
    await changesUpTo(host, sample, null, (await host.contract(sample.contractId))?.version);
    const { cursor } = await pages(host, null, 1000);
    expect(await host.contractsChangedSince(cursor, 10)).toEqual({ changes: [], cursor });
    await sample.changeContract();
    const { version } = (await host.contract(sample.contractId)) ?? {};
    const later = await changesUpTo(host, sample, cursor, version);
    expect(later.map((change) => change.version)).toEqual([version]);
  });
}

const keyOf = ({ id, version }: ContractChange) => `${id}:${version}`;
const isOf =
  ({ contractId }: HostSample) =>
  ({ id }: ContractChange) =>
    id === contractId;

/** Every change after a cursor, page by page. */
async function pages(
  host: Host,
  from: string | null,
  limit: number,
): Promise<{ changes: ContractChange[]; cursor: string | null }> {
  const changes: ContractChange[] = [];
  for (let cursor = from; ;) {
    const page = await host.contractsChangedSince(cursor, limit);
    expect(page.changes.length > limit).toBe(false);
    changes.push(...page.changes);
    cursor = page.cursor;
    if (page.changes.length === 0) return { changes, cursor };
  }
}

/** The contract's changes after a cursor, once this version is among them. */
async function changesUpTo(
  host: Host,
  sample: HostSample,
  cursor: string | null,
  version: number | undefined,
): Promise<ContractChange[]> {
  const giveUpAt = Date.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const changes = (await pages(host, cursor, 1000)).changes.filter(isOf(sample));
    if (changes.at(-1)?.version === version || Date.now() > giveUpAt) return changes;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
