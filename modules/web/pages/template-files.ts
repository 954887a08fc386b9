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
 * ours, replaced or joined by those of the host's own folder.
 */
export function readTemplates(kind: string, override?: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const root of [TEMPLATES, ...(override ? [override] : [])]) {
    const folder = join(root, kind);
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.hbs')) continue;
      const name = file.slice(0, -'.hbs'.length).replaceAll('\\', '/');
      sources.set(name, readFileSync(join(folder, file), 'utf8'));
    }
  }
  return sources;
}
