import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Node can read certificates, and not make them: as much of X.509 (RFC 5280) as a server of a test needs. */
export interface Certificate {
  readonly name: string;
  readonly key: KeyObject;
  /** PEM. */
  readonly cert: string;
}

interface Wanted {
  /** Whose certificate it is; of a server, the host's name. */
  readonly name: string;
  /** Who signs it: itself where not given. */
  readonly by?: Certificate;
  /** By default today and tomorrow. */
  readonly until?: Date;
}

const DAY_MS = 86_400_000;
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT = 0x06;
const UTF8 = 0x0c;
const TIME = 0x18;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const ECDSA_WITH_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];
const ALTERNATIVE_NAME = [2, 5, 29, 17];

/** A certificate of a server, or of an authority where nobody else signs it. */
export function certificate({ name, by, until = new Date(Date.now() + DAY_MS) }: Wanted): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, objectId(ECDSA_WITH_SHA256));
  const extension = by
    ? der(SEQUENCE, objectId(ALTERNATIVE_NAME), der(OCTET_STRING, der(SEQUENCE, der(0x82, Buffer.from(name)))))
    : der(SEQUENCE, objectId(BASIC_CONSTRAINTS), TRUE, der(OCTET_STRING, der(SEQUENCE, TRUE)));
  const facts = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))), // the third version
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(by?.name ?? name),
    der(SEQUENCE, time(new Date(until.getTime() - 2 * DAY_MS)), time(until)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, extension)),
  );
  const signature = sign('sha256', facts, by?.key ?? privateKey);
  const bytes = der(SEQUENCE, facts, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
  const lines = bytes
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return { name, key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length < 256 ? [body.length] : [body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from(body.length < 128 ? [tag, ...size] : [tag, 0x80 | size.length, ...size]), body]);
}

function objectId([first, second, ...rest]: number[]): Buffer {
  const digits = rest.flatMap((arc) => {
    const sevens = [arc & 127];
    for (let left = arc >> 7; left > 0; left >>= 7) sevens.unshift((left & 127) | 128);
    return sevens;
  });
  return der(OBJECT, Buffer.from([first! * 40 + second!, ...digits]));
}

function commonName(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, objectId(COMMON_NAME), der(UTF8, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  return der(TIME, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}
