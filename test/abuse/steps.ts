import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** Goes on behind what was matched. @returns whether all the rest matched */
type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

/** Whatever takes more steps than these has no measure; nobody waits for the end. */
const MOST = 2_000_000;
class TooMany extends Error {}

const LETTER_TYPES = ['Character', 'CharacterClass', 'CharacterSet', 'ExpressionCharacterClass'];

/**
 * The steps that a backtracking search takes, as V8 does it: from every place of the text, each way after the other.
 * Time swings with the machine; steps do not.
 * @returns Infinity for more than can be waited for
 */
export function stepsOf(pattern: RegExp, text: string): number {
  const search = new Search(pattern, text);
  try {
    search.run();
    return search.steps;
  } catch (error) {
    if (error instanceof TooMany) return Infinity;
    throw error;
  }
}

class Search {
  steps = 0;
  private readonly letters: readonly string[];
  private readonly captures = new Map<AST.CapturingGroup, readonly string[]>();
  private readonly whole: Matcher;
  private readonly letterFlags: string;

  constructor(
    private readonly pattern: RegExp,
    text: string,
  ) {
    const { source, flags } = pattern;
    this.letters = /[uv]/.test(flags) ? [...text] : text.split('');
    this.letterFlags = flags.replace(/[^isuv]/g, '');
    const modes = { unicode: flags.includes('u'), unicodeSets: flags.includes('v') };
    this.whole = this.either(new RegExpParser().parsePattern(source, 0, source.length, modes).alternatives);
  }

  run(): void {
    for (let at = 0; at <= this.letters.length;) {
      let end = -1;
      const found = this.whole(at, (place) => ((end = place), true));
      this.step();
      if (found && !this.pattern.global) return;
      at = found && end > at ? end : at + 1;
    }
  }

  private step(): void {
    this.steps += 1;
    if (this.steps > MOST) throw new TooMany();
  }

  private either(alternatives: readonly AST.Alternative[]): Matcher {
    const ways = alternatives.map(({ elements }) => this.sequence(elements));
    return (at, next) => ways.some((way) => way(at, next));
  }

  private sequence(elements: readonly AST.Element[]): Matcher {
    return elements
      .map((element) => this.matcher(element))
      .reduceRight<Matcher>(
        (rest, first) => (at, next) => first(at, (place) => rest(place, next)),
        (at, next) => next(at),
      );
  }

  private matcher(node: AST.Element): Matcher {
    if (isLetter(node)) return this.letter(node);
    if (node.type === 'Group') return this.either(node.alternatives);
    if (node.type === 'CapturingGroup') return this.captured(node);
    if (node.type === 'Backreference') return this.again(node);
    if (node.type === 'Quantifier') return isLetter(node.element) ? this.run1(node) : this.repeated(node);
    if (node.type === 'Assertion') return this.assertion(node);
    throw new Error(`Cannot count the steps of ${node.raw}`);
  }

  private letter(node: AST.Element): Matcher {
    const matches = this.test(node);
    return (at, next) => {
      this.step();
      return matches(at) && next(at + 1);
    };
  }

  private captured(group: AST.CapturingGroup): Matcher {
    const inner = this.either(group.alternatives);
    return (at, next) => {
      const before = this.captures.get(group);
      const isRight = inner(at, (end) => {
        this.captures.set(group, this.letters.slice(at, end));
        return next(end);
      });
      if (!isRight) this.captures.set(group, before ?? []);
      return isRight;
    };
  }

  private again({ resolved }: AST.Backreference): Matcher {
    return (at, next) => {
      const letters = this.captures.get(resolved as AST.CapturingGroup) ?? [];
      const isSame = letters.every((letter, index) => {
        this.step();
        return letter === this.letters[at + index];
      });
      return isSame && next(at + letters.length);
    };
  }

  /** Whether the letter at a place is one of these. */
  private test({ raw }: AST.Element): (at: number) => boolean {
    const one = new RegExp(`^(?:${raw})$`, this.letterFlags);
    const known = new Map<string, boolean>();
    return (at) => {
      const letter = this.letters[at];
      if (letter === undefined) return false;
      const answer = known.get(letter) ?? one.test(letter);
      known.set(letter, answer);
      return answer;
    };
  }

  /** The same letters again and again, without a call within a call for each. */
  private run1({ element, min, max, greedy }: AST.Quantifier): Matcher {
    const matches = this.test(element);
    return (at, next) => {
      let count = 0;
      const more = () => {
        this.step();
        return count < max && matches(at + count) && ++count > 0;
      };
      while (count < min) if (!more()) return false;
      if (!greedy) {
        while (!next(at + count)) if (!more()) return false;
        return true;
      }
      while (more());
      for (; count >= min; count -= 1) {
        this.step();
        if (next(at + count)) return true;
      }
      return false;
    };
  }

  private repeated({ element, min, max, greedy }: AST.Quantifier): Matcher {
    const once = this.matcher(element);
    const again = (at: number, count: number, next: Next): boolean => {
      this.step();
      const more = () =>
        count < max && once(at, (place) => (place > at || count < min) && again(place, count + 1, next));
      if (count < min) return more();
      return greedy ? more() || next(at) : next(at) || more();
    };
    return (at, next) => again(at, 0, next);
  }

  private assertion(node: AST.Assertion): Matcher {
    const holds = this.holds(node);
    return (at, next) => {
      this.step();
      return holds(at) && next(at);
    };
  }

  private holds(node: AST.Assertion): (at: number) => boolean {
    if (node.kind === 'lookahead' || node.kind === 'lookbehind') return this.around(node);
    const { letters, pattern } = this;
    const isLine = (at: number) => pattern.multiline && /[\n\r\u2028\u2029]/.test(letters[at] ?? '');
    const isWord = (at: number) => /\w/.test(letters[at] ?? '');
    if (node.kind === 'start') return (at) => at === 0 || isLine(at - 1);
    if (node.kind === 'end') return (at) => at === letters.length || isLine(at);
    return (at) => (isWord(at - 1) !== isWord(at)) !== (node as AST.WordBoundaryAssertion).negate;
  }

  private around(node: AST.LookaroundAssertion): (at: number) => boolean {
    if (node.kind === 'lookahead') {
      const ahead = this.either(node.alternatives);
      return (at) => ahead(at, () => true) !== node.negate;
    }
    const ways = node.alternatives.map(({ elements, raw }) => {
      if (!elements.every(isLetter)) throw new Error(`Cannot count the steps of (?<=${raw})`);
      return { width: elements.length, way: this.sequence(elements) };
    });
    return (at) => ways.some(({ width, way }) => way(at - width, () => true)) !== node.negate;
  }
}

function isLetter({ type }: AST.Node): boolean {
  return LETTER_TYPES.includes(type);
}
