import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProgram } from './document';

/** `npm run openapi` writes the document that is checked in, published and served. */
writeFileSync(join(__dirname, '../openapi.json'), `${JSON.stringify(describeProgram(), null, 2)}\n`);
