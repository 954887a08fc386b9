import { inflateSync } from 'node:zlib';

export type PdfFault = 'NOT_A_PDF' | 'PDF_NOT_PLAIN';

/** Names by which a document asks its reader for more than to show pages, or hides what it asks for. */
const MORE_THAN_PAGES =
  /\/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|Rendition|Movie|Sound|SubmitForm|ImportData|XFA|Encrypt)(?![A-Za-z0-9])/;

/** More than the names and numbers of any terms, and little for the memory of a server. */
const MAX_INFLATED_BYTES = 20 * 1024 * 1024;

/**
 * What keeps a file from being terms that everybody reads alike: no PDF by its beginning and its end, or one with
 * scripts, attachments, forms that send, or a password. Only what describes the document is looked into, pictures and
 * fonts are not; descriptions that are packed are unpacked up to a limit.
 *
 * @see P6, F81
 */
export function pdfFault(file: Buffer): PdfFault | undefined {
  // Readers allow a little around both.
  if (!file.subarray(0, 1024).includes('%PDF-') || !file.subarray(-2048).includes('%%EOF')) return 'NOT_A_PDF';
  const descriptions = describedBy(file.toString('latin1'));
  const told = descriptions?.map((text) => text.replace(/#([0-9a-f]{2})/gi, (_, code: string) => letter(code)));
  return !told || told.some((text) => MORE_THAN_PAGES.test(text)) ? 'PDF_NOT_PLAIN' : undefined;
}

/** Everything outside of streams, and what is packed into streams of objects; undefined where that cannot be unpacked. */
function describedBy(text: string): string[] | undefined {
  const descriptions: string[] = [];
  let room = MAX_INFLATED_BYTES;
  let at = 0;
  for (const stream of text.matchAll(/stream\r?\n/g)) {
    if (stream.index < at) continue; // within the bytes of another one, or the end of one
    const description = text.slice(at, stream.index);
    descriptions.push(description);
    const begin = stream.index + stream[0].length;
    const end = text.indexOf('endstream', begin);
    if (end < 0) return undefined;
    at = end + 'endstream'.length;
    const own = description.slice(description.lastIndexOf(' obj'));
    if (!/\/ObjStm(?![A-Za-z0-9])/.test(own)) continue;
    const objects = unpacked(own, text.slice(begin, end), room);
    if (objects === undefined) return undefined;
    room -= objects.length;
    descriptions.push(objects);
  }
  return [...descriptions, text.slice(at)];
}

function unpacked(description: string, packed: string, maxOutputLength: number): string | undefined {
  if (!description.includes('/Filter')) return packed.length > maxOutputLength ? undefined : packed;
  // Several filters, or differences in place of bytes, are no way to write down objects.
  if (!/\/Filter\s*(?:\[\s*)?\/FlateDecode(?=[\s\]/>])/.test(description)) return undefined;
  if (/Decode\b\s*\/[A-Za-z0-9]+Decode\b|\/Predictor\s+(?!1\b)/.test(description)) return undefined;
  try {
    return inflateSync(Buffer.from(packed, 'latin1'), { maxOutputLength }).toString('latin1');
  } catch {
    return undefined; // damaged, or a bomb
  }
}

function letter(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}
