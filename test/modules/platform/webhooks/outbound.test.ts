import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import ipaddr from 'ipaddr.js';
import { OutboundRequests } from '../../../../modules/platform/webhooks/outbound.service';
import { eventually } from '../../../support/eventually';

const options = { currency: 'PLN', publicUrl: 'https://crm.example.com' };
const outbound = new OutboundRequests(options);
const allowing = new OutboundRequests({ ...options, webhooks: { allowPrivateNetworks: true } });

let connections = 0;
let listener: Server;
let port: number;

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '::', resolve));
  port = (listener.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => listener.close(resolve)));
beforeEach(() => (connections = 0));
afterEach(() => jest.restoreAllMocks());

/** What the name server knows about every name; null: it says nothing at all. */
let known: string[] | null = [];
let asked = 0;
const nameServer = createSocket('udp4');

beforeAll(async () => {
  nameServer.on('message', (query, { port: from, address }) => {
    asked += 1;
    if (known) nameServer.send(answerTo(query, known), from, address);
  });
  await new Promise<void>((resolve) => nameServer.bind(0, '127.0.0.1', resolve));
  outbound.names.setServers([`127.0.0.1:${nameServer.address().port}`]);
});
afterAll(() => nameServer.close());

/** The query with its answers: those of the addresses that are of the kind asked for. @see RFC 1035, 4.1 */
function answerTo(query: Buffer, addresses: string[]): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const wanted = query.readUInt16BE(end - 4) === 1 ? 'ipv4' : 'ipv6';
  const found = addresses.map((address) => ipaddr.parse(address)).filter((ip) => ip.kind() === wanted);
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(found.length, 6);
  head.writeUInt32BE(0, 8);
  const answers = found.map((ip) => {
    const bytes = ip.toByteArray();
    return Buffer.from([0xc0, 12, ...query.subarray(end - 4, end), 0, 0, 0, 0, 0, bytes.length, ...bytes]);
  });
  return Buffer.concat([head, ...answers]);
}

const post = (url: string, by = outbound) => by.post(url, {}, '{}');

describe('[F77] an address in a private network', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fd00::1]',
    '[ff02::1]',
    '①②⑦.0.0.1',
  ])('is refused as %s before anything is sent', async (host) => {
    const url = `https://${host}:${port}/`;
    expect(() => outbound.check(url)).toThrow('WEBHOOK_URL_REFUSED');
    expect(await post(url)).toMatchObject({ status: null });
    expect(connections).toBe(0);
  });

  it.each([[['127.0.0.1']], [['93.184.215.14', '10.0.0.1']], [['::1']], [['::ffff:127.0.0.1']], [['fd12:3456::1']]])(
    'is not connected to when a name means it: %j',
    async (addresses) => {
      known = addresses;
      expect(await post(`https://receiver.example:${port}/`)).toEqual({ status: null, text: 'PRIVATE_ADDRESS' });
      expect(connections).toBe(0);
    },
  );

  it('is asked for once: the connection goes to the address that was checked', async () => {
    const lookup = jest.spyOn(dns.promises, 'lookup') as jest.SpyInstance;
    lookup.mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }]);
    lookup.mockResolvedValue([{ address: '192.0.2.1', family: 4 }]);
    expect(await post(`http://receiver.example:${port}/`, allowing)).toMatchObject({ status: null });
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(connections).toBe(1);
  });

  it('is reached where the installation allows it, which shows that the listener listens', async () => {
    expect(await post(`http://127.0.0.1:${port}/`, allowing)).toMatchObject({ status: null });
    expect(connections).toBe(1);
  });
});

it('keeps no thread of the process busy while a name server is silent', async () => {
  known = null;
  asked = 0;
  const sent = Array.from({ length: 16 }, (_, index) => post(`https://receiver${index}.example/`));
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(32));
  const first = Promise.race(sent).then(() => 'an answer');
  expect(await Promise.race([first, readFile(__filename).then(() => 'the file')])).toBe('the file');
  for (const answer of await Promise.all(sent)) expect(answer).toEqual({ status: null, text: 'ETIMEOUT' });
}, 60_000);

it('says that nobody knows a name', async () => {
  known = [];
  expect(await post('https://receiver.example/')).toEqual({ status: null, text: 'ENODATA' });
});

it.each([
  'http://example.com/',
  'https://user:secret@example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'example.com',
  '',
])('[F77] takes no address such as "%s"', (url) => {
  expect(() => outbound.check(url)).toThrow('WEBHOOK_URL_REFUSED');
});

it('takes a public address by https', () => {
  expect(outbound.check('https://hooks.example.com:8443/a?b=c').href).toBe('https://hooks.example.com:8443/a?b=c');
});
