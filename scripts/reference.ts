import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import ts from 'typescript';
import { runCommandLine } from '../modules';
import { PERMISSIONS } from '../modules/host';
import { REFUSALS } from '../modules/kernel/refusal';
import { readTexts } from '../modules/platform/web/pages/template-files';

export const ROOT = join(__dirname, '..');

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

const english = (): Record<string, string> => readTexts('en');

/** Every code of a problem, its HTTP status and what people read. */
export function refusals(): string {
  const texts = english();
  const rows = Object.entries(REFUSALS).map(([code, status]) => [
    `\`${code}\``,
    String(status),
    texts[`refusal.${code}`]!,
  ]);
  return table(['code', 'status', 'what people read'], rows);
}

/** The permissions, and the routes that each of them opens. */
export function permissions(): string {
  const texts = english();
  const routes = describedRoutes();
  const opened = (permission: string) =>
    routes.filter(({ who }) => who.includes(permission)).map(({ method, path }) => `\`${method} ${path}\``);
  return PERMISSIONS.map((permission) => {
    const list = opened(permission);
    const what = list.length === 0 ? 'No route asks for it by itself.' : list.map((route) => `- ${route}`).join('\n');
    return `### ${permission}\n\n${texts[`permission.${permission}`]}.\n\n${what}`;
  }).join('\n\n');
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly room: string;
  readonly summary: string;
  /** Permissions, scopes of keys, or the kind of login where no more is asked. */
  readonly who: readonly string[];
}

/** What an address of a person without an account stands for: `/register` for the registration. */
interface OtherAddress {
  readonly $ref: string;
}

type Paths = Record<string, Record<string, Operation> | OtherAddress>;

function describedPaths(): Paths {
  return (JSON.parse(read('openapi.json')) as { paths: Paths }).paths;
}

function describedRoutes(): DescribedRoute[] {
  return Object.entries(describedPaths()).flatMap(([path, operations]) =>
    Object.entries('$ref' in operations ? {} : operations).map(
      ([method, { tags = [], summary = '', security = [] }]) => ({
        method: method.toUpperCase(),
        path: path.replace(/^\/partner-program/, '') || '/',
        room: tags[0] ?? '',
        summary,
        who: [
          ...new Set(
            security.flatMap((one) =>
              Object.entries(one).flatMap(([login, names]) => (names.length > 0 ? names : [login])),
            ),
          ),
        ],
      }),
    ),
  );
}

/** Every route of `openapi.json`, by rooms, and the addresses outside its prefix. */
export function routes(): string {
  const all = describedRoutes();
  const rooms = [...new Set(all.map(({ room }) => room))].toSorted().map((room) => {
    const ofRoom = all.filter((route) => route.room === room);
    const rows = ofRoom.map(({ method, path, summary, who }) => [
      `\`${method} ${path}\``,
      summary.replaceAll('<', '&lt;'),
      who.map((name) => `\`${name}\``).join(', '),
    ]);
    return `### ${room}\n\n${table(['route', 'what it does', 'who may'], rows)}`;
  });
  return [...rooms, otherAddresses()].join('\n\n');
}

/** What people without an account are mailed or told, in three languages. */
function otherAddresses(): string {
  const rows = Object.entries(describedPaths()).flatMap(([path, item]) => {
    if (!('$ref' in item)) return [];
    const route = (item as OtherAddress).$ref.replace('#/paths/', '').replaceAll('~1', '/').replaceAll('~0', '~');
    return [[`\`${path}\``, `\`${route}\``]];
  });
  return `### Addresses to tell people\n\nThey stand at the top of the host, in three languages.\n\n${table(['address', 'the same as'], rows)}`;
}

/** The options of `PartnerProgramModule`, with the words that stand beside them in the code. */
export function options(): string {
  const rows = membersOf('modules/options.ts', 'PartnerProgramOptions').map((member) => [
    `\`${member.name}\`${member.optional ? '' : ' (required)'}`,
    member.words,
  ]);
  return table(['option', 'what it is'], rows);
}

/** The methods of `Host`, with the words that stand beside them in the code. */
export function hostMethods(): string {
  const rows = membersOf('modules/host.ts', 'Host').map(({ name, words, type }) => [
    `\`${name}\``,
    `\`${type}\``,
    words,
  ]);
  return table(['method', 'answers', 'what the program wants to know'], rows);
}

interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly words: string;
}

/** The members of an interface or class and the comments before them. */
export function membersOf(path: string, name: string): Member[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name?.text === name,
  ) as ts.InterfaceDeclaration | ts.ClassDeclaration;
  return [...found.members].map((member) => ({
    name: member.name!.getText(source),
    optional: 'questionToken' in member && member.questionToken !== undefined,
    type: 'type' in member && member.type ? (member.type as ts.TypeNode).getText(source) : '',
    words: wordsBefore(member, source),
  }));
}

/** A documentation comment as one line of plain words; `@see` of a requirement is left out. */
function wordsBefore(node: ts.Node, source: ts.SourceFile): string {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const comments = ranges.map(({ pos, end }) => source.text.slice(pos, end)).filter((text) => text.startsWith('/**'));
  return (comments.at(-1) ?? '')
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/@see( [A-Z]\d+)+/g, '')
    .replace(/@param (\w+)/g, '`$1`:')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `.env.example` as a table: each variable with its example and the comment above it. */
export function environment(): string {
  const rows: string[][] = [];
  let words: string[] = [];
  for (const line of read('.env.example').split('\n')) {
    const variable = /^# ?([A-Z][A-Z_]+)=(.*)$/.exec(line);
    if (variable) rows.push([`\`${variable[1]}\``, variable[2] ? `\`${variable[2]}\`` : '', words.join(' ')]);
    else if (line.startsWith('#')) words.push(line.slice(1).trim());
    else words = [];
  }
  return table(['variable', 'example', 'what it is'], rows);
}

/** What `--help` says of the command and of each of its commands. */
export async function commandLine(): Promise<string> {
  const whole = await help([]);
  const names = [...whole.slice(whole.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+) \[/gm)].map(([, name]) => name!);
  const each: string[] = [];
  for (const name of names.filter((one) => one !== 'help')) each.push(`### ${name}\n\n${fenced(await help([name]))}`);
  return [fenced(whole), ...each].join('\n\n');
}

const fenced = (text: string): string => `\`\`\`text\n${text.trim()}\n\`\`\``;

/** What the command says of itself, or of one of its commands. */
export async function help(command: readonly string[]): Promise<string> {
  let said = '';
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  });
  await runCommandLine([...command, '--help'], { out, err: out });
  return said;
}

/** The room and the purpose of each table, by its name: where its entity lies and the comment above that. */
export function wordsOfTables(): Map<string, { readonly room: string; readonly words: string }> {
  const found = new Map<string, { room: string; words: string }>();
  for (const path of readdirSync(join(ROOT, 'modules'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.entity.ts')) continue;
    const source = ts.createSourceFile(path, read(join('modules', path)), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      const name = /@Entity\(\{[^}]*name: '(\w+)'/.exec(statement.getText(source))?.[1];
      if (name === undefined || !ts.isClassDeclaration(statement)) continue;
      found.set(name, { room: path.split('/')[0]!, words: wordsBefore(statement, source) });
    }
  }
  return found;
}
