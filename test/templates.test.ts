import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from 'js-beautify';

const ROOT = join(__dirname, '..');
const { html: forHtml, ...forAll } = JSON.parse(readFileSync(join(ROOT, '.jsbeautifyrc'), 'utf8')) as Readonly<
  Record<string, object>
>;

const templates = readdirSync(join(ROOT, 'templates'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.hbs'),
);

describe('Templates', () => {
  it.each(templates)('%s is as `npm run format` writes it', (file) => {
    const text = readFileSync(join(ROOT, 'templates', file), 'utf8');
    expect(html(text, { ...forAll, ...forHtml })).toBe(text);
  });

  it.each(templates)('%s asks where the program stands', (file) => {
    const text = readFileSync(join(ROOT, 'templates', file), 'utf8');
    expect(text).not.toMatch(/['"]\/partner-program/);
  });
});
