import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the package lies, the same from TypeScript sources and from `dist`. */
export const PACKAGE_ROOT = packageRoot(__dirname);
export const TEMPLATES = join(PACKAGE_ROOT, 'templates');

function packageRoot(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && isOurs(manifest)) return folder;
  }
  throw new Error(`The package nestjs-partner-program was not found above ${from}.`);
}

function isOurs(manifest: string): boolean {
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
  return name === 'nestjs-partner-program';
}

/**
 * The templates below a folder such as `pages` or `partials`, by their names without the extension:
 * ours, replaced or joined by those of the host's own folder. Line ends and indents are for whoever reads the files: to a
 * browser they are one blank.
 */
export function readTemplates(kind: string, override?: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const root of [TEMPLATES, ...(override ? [override] : [])]) {
    const folder = join(root, kind);
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.hbs')) continue;
      const name = file.slice(0, -'.hbs'.length).replaceAll('\\', '/');
      sources.set(name, inOneLine(readFileSync(join(folder, file), 'utf8')));
    }
  }
  return sources;
}

function inOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/** The texts of a language: those of every room, each key in one of them. */
export function readTexts(locale: string): Record<string, string> {
  const folder = join(TEMPLATES, 'locales', locale);
  const texts: Record<string, string> = {};
  for (const file of readdirSync(folder)) {
    const own = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
    const twice = Object.keys(own).find((key) => key in texts);
    if (twice !== undefined) throw new Error(`The ${locale} text "${twice}" stands twice, also in ${file}.`);
    Object.assign(texts, own);
  }
  return texts;
}
