import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { CookieAccessInfo } from 'cookiejar';
import type { Agent, TestApp } from '../support/app';

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request byte for byte: no client tidies its address, its headers or its body on the way. */
export function sendRaw(
  { url }: Pick<TestApp, 'url'>,
  agent: Agent,
  {
    method,
    path,
    headers = {},
    body,
  }: { method: string; path: string; headers?: OutgoingHttpHeaders; body?: string | Buffer },
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const cookie = agent.jar.getCookies(new CookieAccessInfo(hostname, '/', false, false)).toValueString();
  return new Promise((resolve, reject) => {
    const call = request(
      { hostname, port, method, path, headers: { ...(cookie && { cookie }), origin: url, ...headers } },
      (reply) => {
        const chunks: Buffer[] = [];
        reply
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () =>
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: String(Buffer.concat(chunks)) }),
          )
          .on('error', reject);
      },
    );
    call.on('error', reject).end(body);
  });
}
