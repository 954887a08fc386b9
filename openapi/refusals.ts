import ts from 'typescript';
import { REFUSALS, type RefusalCode } from '../modules/kernel/refusal';
import { isOurs } from './source';

/** What a refusal says besides its code, by name. */
export type Params = ReadonlyMap<string, ts.Type>;

/** Numbers that the database hands out are checked there; a wrong one is a bug and no answer. */
const CHECKS_OF_OURS = new Set(['safeMinor']);

/**
 * Every refusal that a handler can come to: those thrown in it, in what it calls, and so on. It may name one too many
 * where a way is taken in another case only, and none too few as long as calls stay plain calls.
 */
export class Refusals {
  private readonly params = new Map<RefusalCode, Map<string, ts.Type>>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** What any of the refusals seen so far said with this code. */
  paramsOf(code: RefusalCode): Params {
    return this.params.get(code) ?? new Map();
  }

  from(start: ts.Node): Set<RefusalCode> {
    const codes = new Set<RefusalCode>();
    const seen = new Set<ts.Node>();
    const visit = (node: ts.Node): void => {
      const isRefusal = ts.isNewExpression(node) && node.expression.getText() === 'Refusal';
      if (isRefusal) this.add(codes, this.codesOf(node.arguments?.[0]), node.arguments?.[1]);
      const isTranslation = ts.isCallExpression(node) && node.expression.getText() === 'refuseOn';
      if (isTranslation) this.add(codes, this.codesWithin(node.arguments[0]), node.arguments[2]);
      if (ts.isIdentifier(node)) for (const body of this.bodiesOf(node)) enter(body);
      ts.forEachChild(node, visit);
    };
    const enter = (body: ts.Node): void => {
      if (seen.has(body)) return;
      seen.add(body);
      visit(body);
    };
    enter(start);
    return codes;
  }

  private add(codes: Set<RefusalCode>, found: readonly RefusalCode[], params: ts.Expression | undefined): void {
    for (const code of found) {
      codes.add(code);
      const known = this.params.get(code) ?? new Map<string, ts.Type>();
      this.params.set(code, known);
      if (!params) continue;
      const type = this.checker.getTypeAtLocation(params);
      const written = (type.isUnion() ? type.types : [type]).flatMap((one) => this.checker.getPropertiesOfType(one));
      for (const symbol of written) known.set(symbol.name, this.checker.getTypeOfSymbol(symbol));
    }
  }

  /** A code written out, or chosen between a few; a code that could be any says nothing. */
  private codesOf(expression: ts.Expression | undefined): RefusalCode[] {
    if (!expression) return [];
    const type = this.checker.getTypeAtLocation(expression);
    const types = type.isUnion() ? type.types : [type];
    const codes = types.flatMap((one) => (one.isStringLiteral() ? [one.value as RefusalCode] : []));
    return codes.length < Object.keys(REFUSALS).length ? codes : [];
  }

  private codesWithin(rules: ts.Expression | undefined): RefusalCode[] {
    if (!rules || !ts.isObjectLiteralExpression(rules)) return [];
    return rules.properties.flatMap((rule) => (ts.isPropertyAssignment(rule) ? this.codesOf(rule.initializer) : []));
  }

  /** Where it goes on behind a name: a function or method of ours, or a constant that is made by one. */
  private bodiesOf(name: ts.Identifier): ts.Node[] {
    if (CHECKS_OF_OURS.has(name.text)) return [];
    const symbol = this.checker.getSymbolAtLocation(name);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return (target?.declarations ?? []).flatMap((declaration) => {
      if (!isOurs(declaration.getSourceFile().fileName)) return [];
      if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration.body ?? [];
      return ts.isVariableDeclaration(declaration) && isTopLevel(declaration) ? (declaration.initializer ?? []) : [];
    });
  }
}

function isTopLevel(declaration: ts.VariableDeclaration): boolean {
  return ts.isSourceFile(declaration.parent.parent.parent);
}
