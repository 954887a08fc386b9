import dns from 'node:dns';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { OutboundRequests } from '../../../modules/webhooks/outbound.service';

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

/** The answers of a name server to one name after another; the last one stays. */
function resolves(...answers: string[][]): void {
  jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: (...given: unknown[]) => void) => {
    const addresses = answers.length > 1 ? answers.shift()! : answers[0]!;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as never);
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
      resolves(addresses);
      expect(await post(`https://receiver.example:${port}/`)).toEqual({ status: null, text: 'PRIVATE_ADDRESS' });
      expect(connections).toBe(0);
    },
  );

  it('is asked for once: the connection goes to the address that was checked', async () => {
    resolves(['127.0.0.1'], ['192.0.2.1']);
    expect(await post(`http://receiver.example:${port}/`, allowing)).toMatchObject({ status: null });
    expect(dns.lookup).toHaveBeenCalledTimes(1);
    expect(connections).toBe(1);
  });

  it('is reached where the installation allows it, which shows that the listener listens', async () => {
    expect(await post(`http://127.0.0.1:${port}/`, allowing)).toMatchObject({ status: null });
    expect(connections).toBe(1);
  });
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
