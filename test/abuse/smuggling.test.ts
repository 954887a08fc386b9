import { connect } from 'node:net';
import { bootApp, type TestApp } from '../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
afterAll(() => app.close());

/** What comes back for these bytes until the other end closes. */
function answersTo(bytes: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket
      .on('data', (chunk) => (text += chunk.toString('latin1')))
      .on('error', reject)
      .on('close', () => resolve(text));
  });
}

const statuses = (text: string): number[] =>
  Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));

/** The request that is to slip through behind another. */
const HIDDEN = 'GET /partner-program/health/live HTTP/1.1\r\nHost: hidden\r\nConnection: close\r\n\r\n';
const post = (headers: readonly string[], body: string): string =>
  ['POST /partner-program/sessions HTTP/1.1', 'Host: program', ...headers, '', body].join('\r\n');
const JSON_TYPE = 'Content-Type: application/json';

/** Two ways to read where a request ends: whoever stands in front may read it the other way. */
const AMBIGUOUS: Record<string, string> = {
  'a length and chunks': post([JSON_TYPE, 'Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`),
  'chunks and a length': post(
    [JSON_TYPE, 'Transfer-Encoding: chunked', `Content-Length: ${HIDDEN.length + 5}`],
    `0\r\n\r\n${HIDDEN}`,
  ),
  'two lengths': post([JSON_TYPE, 'Content-Length: 0', `Content-Length: ${HIDDEN.length}`], HIDDEN),
  'a list of lengths': post([JSON_TYPE, `Content-Length: 0, ${HIDDEN.length}`], HIDDEN),
  'a length with a sign': post([JSON_TYPE, 'Content-Length: +0'], HIDDEN),
  'a length in hexadecimal': post([JSON_TYPE, 'Content-Length: 0x0'], HIDDEN),
  'a space before the colon': post([JSON_TYPE, 'Content-Length : 0'], HIDDEN),
  'a folded header': post([JSON_TYPE, 'Transfer-Encoding:', ' chunked', 'Content-Length: 0'], `0\r\n\r\n${HIDDEN}`),
  'another encoding over chunks': post([JSON_TYPE, 'Transfer-Encoding: chunked, identity'], `0\r\n\r\n${HIDDEN}`),
  'chunks misspelt': post([JSON_TYPE, 'Transfer-Encoding: xchunked', 'Content-Length: 4'], `0\r\n\r\n${HIDDEN}`),
  'a chunk of a broken size': post([JSON_TYPE, 'Transfer-Encoding: chunked'], `0x2\r\n{}\r\n0\r\n\r\n${HIDDEN}`),
  'bare line feeds': `POST /partner-program/sessions HTTP/1.1\nHost: program\nContent-Length: 0\n\n${HIDDEN}`,
  'a line feed inside a header': post([`X-Any: a\nContent-Length: 0`], HIDDEN),
  'a carriage return inside a header': post([`X-Any: a\rContent-Length: 0`], HIDDEN),
  'a NUL inside a header': post(['X-Any: a\0b', 'Content-Length: 0'], HIDDEN),
  'no host': 'GET /partner-program/health/live HTTP/1.1\r\n\r\n',
};

describe('[F88] a request whose end can be read in two ways', () => {
  it.each(Object.entries(AMBIGUOUS))('is refused, and nothing behind it is answered: %s', async (_, bytes) => {
    const answers = await answersTo(bytes);
    expect(statuses(answers)).toEqual([400]);
  });

  it('is told apart from two honest ones in one packet', async () => {
    expect(statuses(await answersTo(HIDDEN.replace('close', 'keep-alive') + HIDDEN))).toEqual([200, 200]);
  });

  it('in larger headers than anybody needs is refused', async () => {
    const bytes = `GET /partner-program/health/live HTTP/1.1\r\nHost: program\r\nX-Any: ${'a'.repeat(100_000)}\r\n\r\n`;
    expect(statuses(await answersTo(bytes))).toEqual([431]);
  });
});
