import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { pdfFault } from '../../../../modules/rules/documents/plain-pdf';

/** A PDF as small as one can be, with these objects in it. */
const pdf = (...objects: (string | Buffer)[]): Buffer =>
  Buffer.concat(
    ['%PDF-1.7\n', '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n', ...objects, 'trailer\n<< >>\n%%EOF\n'].map(
      (part) => Buffer.from(part),
    ),
  );

const streamOf = (description: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`7 0 obj\n<< ${description} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream\nendobj\n'),
  ]);

const objects = (text: string, description = '/Filter /FlateDecode'): Buffer =>
  streamOf(`/Type /ObjStm ${description}`, deflateSync(text));

const SCRIPT = '<< /S /JavaScript /JS (app.alert(1)) >>';

it('[P6] takes what people save to be read', async () => {
  expect(pdfFault(pdf())).toBeUndefined();
  expect(pdfFault(pdf(objects('<< /Type /Page /OpenAction [3 0 R /Fit] >>')))).toBeUndefined();
  expect(pdfFault(pdf(objects('<< /Type /Page >>', '/Filter [/FlateDecode] /DecodeParms null')))).toBeUndefined();
  const document = new PDFDocument({ info: { Title: 'Regulamin' } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on('end', resolve));
  document.text('Zażółć gęślą jaźń /JavaScript').end();
  await ended;
  expect(pdfFault(Buffer.concat(chunks))).toBeUndefined();
});

it('[P6] looks at no picture and no font, whatever their bytes happen to say', () => {
  expect(
    pdfFault(pdf(streamOf('/Subtype /Image', Buffer.from('\xff/JS \xff stream\n /Launch ', 'latin1')))),
  ).toBeUndefined();
});

it.each([
  ['a script', `3 0 obj\n${SCRIPT}\nendobj\n`],
  ['a script under a written-out name', '3 0 obj\n<< /S /J#61vaScript /#4a#53 (app.alert(1)) >>\nendobj\n'],
  ['a script among packed objects', objects(SCRIPT)],
  ['a script among objects that are not packed', streamOf('/Type /ObjStm', Buffer.from(SCRIPT))],
  ['a program to start', '3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n'],
  ['an attachment', objects('<< /Names << /EmbeddedFiles 9 0 R >> >>')],
  ['a form that changes what is read', '3 0 obj\n<< /AcroForm << /XFA 9 0 R >> >>\nendobj\n'],
  ['a password', 'trailer\n<< /Encrypt 9 0 R >>\n'],
  ['objects packed twice', objects('', '/Filter [/FlateDecode /FlateDecode]')],
  ['objects packed in another way', objects('', '/Filter /LZWDecode')],
  ['objects written as differences', objects('', '/Filter /FlateDecode /DecodeParms << /Predictor 12 >>')],
  ['objects that cannot be unpacked', streamOf('/Type /ObjStm /Filter /FlateDecode', Buffer.from('no deflate'))],
  ['a stream without an end', '7 0 obj\n<< >>\nstream\nabc'],
])('[F81] refuses %s', (_, object) => {
  expect(pdfFault(pdf(object))).toBe('PDF_NOT_PLAIN');
});

it('[F81] unpacks no bomb, neither a big one nor many small ones', () => {
  const big = objects(' '.repeat(100 * 1024 * 1024));
  expect(big.length).toBeLessThan(1024 * 1024);
  expect(pdfFault(pdf(big))).toBe('PDF_NOT_PLAIN');
  const small = objects(' '.repeat(5 * 1024 * 1024));
  expect(pdfFault(pdf(small, small))).toBeUndefined();
  expect(pdfFault(pdf(...Array.from({ length: 5 }, () => small)))).toBe('PDF_NOT_PLAIN');
});
