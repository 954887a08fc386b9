import dns, { type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { redacted } from '../../kernel/redacted';
import { Refusal } from '../../kernel/refusal';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';

export interface Answer {
  /** Null where nobody answered; `text` is then a code such as `ECONNREFUSED`. */
  readonly status: number | null;
  /** The first bytes, in one line. */
  readonly text: string;
  /** The header of that name, as it came. */
  readonly retryAfter?: string;
}

const PATIENCE_MS = 10_000;
/** As much of an answer as anybody needs to see what went wrong; no more of it is read. */
const MAX_ANSWER = 500;
/** Of IPv6 nothing else is routed between networks. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

class PrivateAddress extends Error {
  readonly code = 'PRIVATE_ADDRESS';
}

/**
 * Requests to addresses that people type in. They go to public addresses only: the name is resolved here, every address
 * of it is checked, and the connection is made to what was checked, so that a name which means something else a moment
 * later is of no use. Redirects are not followed, proxies of the environment not asked, answers not read to their end.
 * @see F77
 */
@Injectable()
export class OutboundRequests {
  /** Which name servers are asked: those of the system. */
  readonly names = new dns.promises.Resolver({ timeout: 2_000, tries: 2 });
  private readonly privateToo: boolean;

  constructor(@Inject(PROGRAM_OPTIONS) { webhooks }: PartnerProgramOptions) {
    this.privateToo = webhooks?.allowPrivateNetworks ?? false;
  }

  /** @throws Refusal WEBHOOK_URL_REFUSED for what is no https address on the public internet, as far as it can be seen */
  check(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const byProtocol = url?.protocol === 'https:' || (this.privateToo && url?.protocol === 'http:');
    if (!url || !byProtocol || url.username !== '' || url.password !== '') throw new Refusal('WEBHOOK_URL_REFUSED');
    // The parser has written numbers such as 2130706433 or 0x7f.1 as the address they mean.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !this.allows(host)) throw new Refusal('WEBHOOK_URL_REFUSED');
    return url;
  }

  /** Never throws for what the other side does or is. */
  async post(address: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    try {
      return await this.exchange(this.check(address), headers, body);
    } catch (error) {
      const { code, name } = error as { code?: unknown; name?: unknown };
      return { status: null, text: typeof code === 'string' ? code : name === 'TimeoutError' ? 'TIMEOUT' : 'FAILED' };
    }
  }

  private exchange(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { request: open } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      // An agent of its own: no connection that somebody else opened, and none that outlives the answer.
      const request = open(url, { method: 'POST', headers, signal, agent: false, lookup: this.lookup });
      request.on('error', (error) => reject((signal.reason as Error | undefined) ?? error));
      request.on('response', (response) => {
        let read = Buffer.alloc(0);
        const finish = (): void => {
          request.destroy();
          const retryAfter = response.headers['retry-after'];
          resolve({ status: response.statusCode!, text: lineOf(read), retryAfter });
        };
        response.on('data', (chunk: Buffer) => {
          read = Buffer.concat([read, chunk]).subarray(0, MAX_ANSWER);
          if (read.length === MAX_ANSWER) finish();
        });
        response.on('end', finish);
        response.on('error', finish); // cut off or dripping: the status is an answer
      });
      request.end(body);
    });
  }

  private readonly lookup: LookupFunction = (hostname, { all }, done) => {
    this.addressesOf(hostname).then(
      (addresses) => {
        if (!addresses.every(({ address }) => this.allows(address))) done(new PrivateAddress(), []);
        else if (all) done(null, addresses);
        else done(null, addresses[0]!.address, addresses[0]!.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

  /**
   * Name servers are asked without the system: its way blocks one of the few threads of this process, which logins need
   * too, for as long as a name server is silent. Only the system knows the names of its own network.
   */
  private async addressesOf(hostname: string): Promise<LookupAddress[]> {
    if (this.privateToo) return dns.promises.lookup(hostname, { all: true });
    const answers = await Promise.allSettled([this.names.resolve4(hostname), this.names.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw (answers[0] as PromiseRejectedResult).reason;
    return addresses.map((address) => ({ address, family: isIP(address) }));
  }

  private allows(address: string): boolean {
    if (this.privateToo) return true;
    const ip = ipaddr.process(address);
    return ip.range() === 'unicast' && (ip instanceof ipaddr.IPv4 || ip.match(GLOBAL_UNICAST));
  }
}

function lineOf(bytes: Buffer): string {
  return redacted(bytes.toString('utf8').replace(/[\p{Cc}\u2028\u2029]+/gu, ' '))
    .trim()
    .slice(0, MAX_ANSWER);
}
