import { wordsOfTables } from './reference';

/** A table as the catalogue of the database has it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly key: boolean;
    /** The table that a foreign key leads to. */
    readonly to: string | null;
  }[];
  /** What the application's role may do besides reading. */
  readonly rights: readonly string[];
}

/** Everything in the schema, for a connection that may read the catalogue; `$1` is the application's role. */
export const CATALOGUE = `
  select c.relname as name,
         (select json_agg(json_build_object(
            'name', a.attname,
            'type', format_type(a.atttypid, null),
            'key', exists (select 1 from pg_constraint k
                            where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)),
            'to', (select min(t.relname) from pg_constraint k join pg_class t on t.oid = k.confrelid
                    where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)))
            order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
         array(select r from unnest('{INSERT,UPDATE,DELETE}'::text[]) r where has_table_privilege($1, c.oid, r)) as rights
    from pg_class c
   where c.relnamespace = 'partner_program'::regnamespace and c.relkind = 'r'
   order by c.relname`;

const WIDTH = 300;
const GAP = 24;
const LINE = 17;
const HEAD = 24;
const PER_ROW = 4;

function linesOf(table: Table): string[] {
  return table.columns.map(({ name, type, key, to }) => {
    const short = type.replace('timestamp with time zone', 'timestamptz').replace('character varying', 'varchar');
    return `${key ? '● ' : ''}${name} ${to === null ? short : `→ ${to}`}`;
  });
}

const heightOf = (table: Table): number => HEAD + table.columns.length * LINE + 8;

/**
 * The tables as boxes, those of a room below each other, rooms in columns of about the same height. A foreign key is
 * written as an arrow and the name of the table it leads to: lines between fifty boxes can be followed by nobody.
 */
export function schemaPicture(tables: readonly Table[]): string {
  const known = wordsOfTables();
  const roomOf = (table: Table): string => known.get(table.name)?.room ?? 'itself';
  const bottoms = Array.from({ length: PER_ROW }, () => GAP);
  const groups = [...new Set(tables.map(roomOf))].map((room) => {
    const list = tables.filter((table) => roomOf(table) === room);
    return { room, list, height: list.reduce((sum, one) => sum + heightOf(one) + 10, 30) };
  });
  const parts = groups
    .toSorted((a, b) => b.height - a.height || (a.room < b.room ? -1 : 1))
    .flatMap(({ room, list, height }) => {
      const column = bottoms.indexOf(Math.min(...bottoms));
      const x = GAP + column * (WIDTH + GAP);
      let y = bottoms[column]! + 30;
      bottoms[column]! += height + GAP;
      const title = `<text class="room" x="${x}" y="${y - 10}">${room}</text>`;
      const boxes = list.map((table) => {
        const drawn = box(table, x, y);
        y += heightOf(table) + 10;
        return drawn;
      });
      return [title, ...boxes];
    });
  const [width, height] = [PER_ROW * (WIDTH + GAP) + GAP, Math.max(...bottoms)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>The tables of the schema partner_program and their keys</title>
<style>${STYLE}</style>
<rect class="sheet" width="${width}" height="${height}"/>
${parts.join('\n')}
</svg>
`;
}

const STYLE = `text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#24292f}
.room{font:bold 17px system-ui,sans-serif}.name{font-weight:bold}.to{fill:#0a53be}
.sheet{fill:#fff}.box{fill:#f6f8fa;stroke:#8c959f}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.to{fill:#79b8ff}.sheet{fill:#0d1117}.box{fill:#161b22;stroke:#6e7681}}`;

function box(table: Table, x: number, y: number): string {
  const lines = linesOf(table).map((line, index) => {
    const cls = line.includes('→') ? ' class="to"' : '';
    return `<text${cls} x="${x + 10}" y="${y + HEAD + 14 + index * LINE}">${line}</text>`;
  });
  return [
    `<g id="${table.name}"><rect class="box" x="${x}" y="${y}" width="${WIDTH}" height="${heightOf(table)}" rx="5"/>`,
    `<text class="name" x="${x + 10}" y="${y + 17}">${table.name}</text>`,
    ...lines,
    '</g>',
  ].join('\n');
}

/** What each table is for, and what the application may do with it. */
export function tablesInWords(tables: readonly Table[]): string {
  const known = wordsOfTables();
  const rights = (table: Table): string =>
    ['read', ...table.rights.map((right) => ({ INSERT: 'add', UPDATE: 'change', DELETE: 'delete' })[right]!)].join(
      ', ',
    );
  const rows = tables.map((table) => {
    const { room, words } = known.get(table.name) ?? { room: '', words: 'Which migrations have run.' };
    return `| \`${table.name}\` | ${room} | ${words.replaceAll('|', '\\|')} | ${rights(table)} |`;
  });
  return ['| table | room | what it is | the application may |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
