import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { BASE } from '../request/base';
import { TEMPLATES } from './template-files';

export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly hash: string;
  readonly content: Buffer;
}

const FILES = [
  { name: 'partner-program.css', path: 'partner-program.css', type: 'text/css; charset=utf-8' },
  { name: 'partner-program.js', path: 'partner-program.js', type: 'text/javascript; charset=utf-8' },
  { name: 'partner-map.js', path: 'partner-map.js', type: 'text/javascript; charset=utf-8' },
  { name: 'htmx.min.js', path: 'vendor/htmx.min.js', type: 'text/javascript; charset=utf-8' },
] as const;
export type AssetName = (typeof FILES)[number]['name'];

/** The few files our pages load: a fixed list, read once, named by their content so that they may be kept forever. */
@Injectable()
export class Assets {
  private readonly byName = new Map<string, Asset>(
    FILES.map(({ name, path, type }) => {
      const content = readFileSync(join(TEMPLATES, 'assets', path));
      return [name, { name, type, content, hash: createHash('sha256').update(content).digest('hex').slice(0, 16) }];
    }),
  );

  find(name: string): Asset | undefined {
    return this.byName.get(name);
  }

  url(name: AssetName): string {
    return `${BASE}/assets/${this.byName.get(name)?.hash}/${name}`;
  }
}
