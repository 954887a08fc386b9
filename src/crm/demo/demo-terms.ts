import PDFDocument from 'pdfkit';

const FONT = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

const PARAGRAPHS = [
  '§ 1. Uczestnikiem programu może zostać każda osoba, która zaakceptowała niniejszy regulamin.',
  '§ 2. Prowizje są naliczane na zasadach obowiązujących w chwili zmiany statusu umowy.',
  '§ 3. Stawki prowizji określa plan prowizyjny; kwoty są zaokrąglane w dół do pełnych groszy.',
  '§ 4. Rozwiązanie umowy lub zwrot powoduje cofnięcie naliczonej prowizji w całości albo w części.',
  '§ 5. Wypłata następuje na wniosek uczestnika. Do czasu jego rozpatrzenia nie można złożyć kolejnego.',
];

/** The demo's terms: a real PDF with its font embedded, for the standard ones have no Polish letters. */
export async function termsPdf(): Promise<Buffer<ArrayBuffer>> {
  const document = new PDFDocument({ size: 'A4', margin: 72, info: { Title: 'Regulamin programu partnerskiego' } });
  const chunks: Buffer[] = [];
  const finished = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject));
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  document.font(FONT).fontSize(18).text('Regulamin programu partnerskiego').moveDown();
  for (const paragraph of PARAGRAPHS) document.fontSize(11).text(paragraph).moveDown(0.5);
  document.end();
  await finished;
  return Buffer.concat(chunks);
}
