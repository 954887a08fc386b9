import { inflateSync } from 'node:zlib';
import type { Agent } from './app';

/** @throws unless the answer is a PDF */
export async function pdfFrom(agent: Agent, path: string): Promise<Buffer> {
  const { body, headers } = await agent
    .get(path)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  expect(headers).toMatchObject({ 'content-type': 'application/pdf' });
  return body as Buffer;
}

/** Everything a PDF of ours writes, read once with each of its fonts: what another font wrote comes out as nonsense. */
export function textsOf(file: Buffer): string[] {
  const streams = [...file.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, stream]) => {
    try {
      return inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  const glyphs = streams
    .flatMap((stream) => [...stream.matchAll(/\[([^\]]*)\] TJ/g)])
    .map(([, line]) => [...line!.matchAll(/<([0-9a-f]+)>/g)].map(([, codes]) => codes).join(''));
  return streams
    .filter((stream) => stream.includes('beginbfrange'))
    .map((stream) => lettersOf(stream))
    .map((letters) =>
      glyphs
        .map((line) => (line.match(/.{4}/g) ?? []).map((code) => letters[parseInt(code, 16)] ?? '?').join(''))
        .join('\n'),
    );
}

/** The characters of a font in the order of its glyphs. */
function lettersOf(map: string): string[] {
  return [...map.matchAll(/\[([^\]]*)\]/g)].flatMap(([, range]) =>
    [...range!.matchAll(/<([0-9a-f ]*)>/g)].map(([, codes]) =>
      codes!
        .split(' ')
        .map((code) => String.fromCharCode(parseInt(code, 16)))
        .join(''),
    ),
  );
}
