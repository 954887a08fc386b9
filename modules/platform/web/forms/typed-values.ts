type Values = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/** What stands in the form under a field's name: `levels[2][rateBps]`. */
export function valueAt(typed: unknown, name: string): unknown {
  return name
    .split(/[[\]]+/)
    .filter((part) => part !== '')
    .reduce((value: unknown, part) => (isRecord(value) ? value[part] : undefined), typed);
}

/** The name of the field behind a complaint: `levels.1.rateBps` is the second row that is not empty. */
export function nameOfFault(field: string, typed: unknown): string {
  let value = typed;
  const [first = '', ...rest] = field.split('.').map((part) => {
    const rows = /^\d+$/.test(part) && isRecord(value) ? filledRows(value) : [];
    const key = rows[Number(part)] ?? part;
    value = isRecord(value) ? value[key] : undefined;
    return key;
  });
  return [first, ...rest.map((part) => `[${part}]`)].join('');
}

function filledRows(list: Values): string[] {
  return Object.keys(list).filter((row) => hasText(list[row]));
}

function hasText(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return isRecord(value) && Object.values(value).some(hasText);
}
