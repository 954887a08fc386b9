import { hierarchy, tree } from 'd3-hierarchy';

/** Somebody on the map; `sponsorId` is null, or nobody's on the map, for those at the left edge. */
export interface MapPerson {
  readonly id: string;
  readonly sponsorId: string | null;
  readonly name: string;
}

export interface MapNode<Person> {
  readonly person: Person;
  /** The name, cut where the box ends. */
  readonly label: string;
  /** The upper left corner of the box. */
  readonly x: number;
  readonly y: number;
  /** The line from the sponsor's box, as an SVG path; null at the left edge. */
  readonly line: string | null;
}

export interface TreeMap<Person> {
  readonly width: number;
  readonly height: number;
  readonly box: { readonly width: number; readonly height: number };
  readonly nodes: readonly MapNode<Person>[];
}

/** A place in the layout; nobody sits at the root, from which those at the left edge hang. */
interface Seat<Person> {
  readonly person: Person | null;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

const BOX = { width: 184, height: 44 };
/** From box to box: down the page, and along it. */
const [STEP_DOWN, STEP_ALONG] = [56, 240];
const MARGIN = 16;
/** In widths of an average letter, at the size of a name on the map. */
const LABEL_WIDTH = 18;

/**
 * Where everybody stands on the map, in pixels: sponsors left of those below them, nobody on another's place.
 * @param people sponsors before those below them, each with a sponsor among them or none
 */
export function treeMap<Person extends MapPerson>(people: readonly Person[]): TreeMap<Person> {
  const known = new Set(people.map(({ id }) => id));
  const below = new Map<string | null, Person[]>();
  for (const person of people) {
    const sponsor = person.sponsorId !== null && known.has(person.sponsorId) ? person.sponsorId : null;
    below.set(sponsor, [...(below.get(sponsor) ?? []), person]);
  }
  const seatsBelow = ({ person }: Seat<Person>) =>
    below.get(person?.id ?? null)?.map((one): Seat<Person> => ({ person: one })) ?? [];
  const placed = tree<Seat<Person>>()
    .nodeSize([STEP_DOWN, STEP_ALONG])
    .separation((a, b) => (a.parent === b.parent ? 1 : 1.25))(hierarchy<Seat<Person>>({ person: null }, seatsBelow))
    .descendants();
  // The layout grows downwards; the map lies on its side, without the empty seat that holds its left edge together.
  const top = Math.min(...placed.slice(1).map(({ x }) => x));
  const cornerOf = ({ x, y }: Corner) => ({ x: y - STEP_ALONG + MARGIN, y: Math.round(x - top) + MARGIN });
  const nodes = placed.flatMap(({ parent, data: { person }, ...at }) => {
    if (person === null) return [];
    const corner = cornerOf(at);
    const line = parent?.data.person ? lineBetween(cornerOf(parent), corner) : null;
    return [{ person, label: cut(person.name), ...corner, line }];
  });
  return {
    width: Math.max(0, ...nodes.map(({ x }) => x)) + BOX.width + MARGIN,
    height: Math.max(0, ...nodes.map(({ y }) => y)) + BOX.height + MARGIN,
    box: BOX,
    nodes,
  };
}

function lineBetween(from: Corner, to: Corner): string {
  const [startX, startY] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [endX, endY] = [to.x, to.y + BOX.height / 2];
  const middle = (startX + endX) / 2;
  return `M${startX},${startY}C${middle},${startY} ${middle},${endY} ${endX},${endY}`;
}

/** Cut by how wide letters are rather than by how many: `i` takes half the room of an average one, `W` much more. */
function cut(name: string): string {
  let room = LABEL_WIDTH;
  const letters = [...name];
  const fits = letters.findIndex((letter) => (room -= widthOf(letter)) < 0);
  if (fits < 0) return name;
  return `${letters
    .slice(0, Math.max(1, fits - 1))
    .join('')
    .trimEnd()}…`;
}

function widthOf(letter: string): number {
  if (/[iIjltfr.,'|! -]/.test(letter)) return 0.6;
  if (/[mwMWÓÖO@%]/.test(letter)) return 1.5;
  return /\p{Lu}/u.test(letter) ? 1.2 : 1;
}
