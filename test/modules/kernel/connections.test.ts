import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { hearLostConnections } from '../../../modules/kernel/connections';
import { type FreshDatabase, freshDatabase } from '../../support/database';

/** ReadyForQuery outside a transaction, which ends every answer. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** What a server says last when its postmaster is gone. */
const FATAL = errorResponse('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');

function errorResponse(fields: string): Buffer {
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, Buffer.from(fields)]);
}

let database: FreshDatabase;
let server: Server;
let dying = false;

/** Passes everything on; while the server is dying, its first word that a connection is ready is its last one as well. */
function relay(client: Socket): void {
  const { hostname, port } = new URL(database.url);
  const upstream = connect(Number(port), hostname);
  for (const socket of [client, upstream]) socket.on('error', () => undefined);
  client.on('data', (chunk) => upstream.write(chunk)).on('close', () => upstream.destroy());
  upstream.on('close', () => client.end());
  upstream.on('data', (answer) => {
    const isLast = dying && answer.subarray(-READY.length).equals(READY);
    client.write(isLast ? Buffer.concat([answer, FATAL]) : answer);
    if (isLast) upstream.destroy();
  });
}

beforeAll(async () => {
  database = await freshDatabase();
  await new Promise<void>((resolve) => (server = createServer(relay).listen(0, '127.0.0.1', resolve)));
});
afterAll(async () => {
  server.close();
  await database.drop();
});

it('[F3] [F4] a connection that is lost in the moment it opens refuses its question, and ends no process', async () => {
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = await new DataSource({ type: 'postgres', url: url.href, poolSize: 3 }).initialize();
  try {
    hearLostConnections(db);
    const busy = db.query('select pg_sleep(0.3)'); // on the one connection there is: others ask on new ones
    dying = true;
    await expect(db.query('select 1')).rejects.toThrow();
    dying = false;
    await busy;
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    await db.destroy();
  }
});
