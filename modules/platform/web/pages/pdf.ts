import PDFDocument from 'pdfkit';
import type { Locale } from '../../../kernel/locale';

const FONT = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
/** In points, on A4. */
export const PDF_MARGIN = 40;

/** An empty document with the fonts `regular` and `bold`, which have the letters of every language of ours. */
export function pdfDocument(title: string, locale: Locale): PDFKit.PDFDocument {
  const document = new PDFDocument({ size: 'A4', margin: PDF_MARGIN, info: { Title: title }, lang: locale });
  return document.registerFont('regular', FONT).registerFont('bold', BOLD);
}
