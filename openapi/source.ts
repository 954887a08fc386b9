import { join, relative } from 'node:path';
import ts from 'typescript';
import { ROOMS } from './common';

const ROOT = join(__dirname, '..');
const MODULES = join(ROOT, 'modules');

/** The program as its compiler sees it. */
export interface Source {
  readonly checker: ts.TypeChecker;
  /** The method of a class of ours. @throws for one that is not there */
  method(className: string, name: string): ts.MethodDeclaration;
  /** The fields of a class of ours; undefined where there is no such class. */
  fieldsOf(className: string): readonly Field[] | undefined;
}

export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly comment: string;
}

export function readSource(): Source {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram([join(MODULES, 'index.ts')], { ...options, noEmit: true, incremental: false });
  const classes = new Map<string, ts.ClassDeclaration>();
  for (const file of program.getSourceFiles().filter(({ fileName }) => isOurs(fileName))) {
    for (const node of file.statements) if (ts.isClassDeclaration(node) && node.name) classes.set(node.name.text, node);
  }
  const checker = program.getTypeChecker();
  return {
    checker,
    method(className, name) {
      const method = classes
        .get(className)
        ?.members.find(
          (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.name.getText() === name,
        );
      if (!method) throw new Error(`There is no method ${className}.${name} in the sources.`);
      return method;
    },
    fieldsOf: (className) =>
      classes
        .get(className)
        ?.members.filter(ts.isPropertyDeclaration)
        .map((member) => fieldOf(member, checker)),
  };
}

function fieldOf(member: ts.PropertyDeclaration, checker: ts.TypeChecker): Field {
  const type = checker.getTypeAtLocation(member);
  const symbol = checker.getSymbolAtLocation(member.name)!;
  return {
    name: symbol.name,
    optional: member.questionToken !== undefined,
    nullable: type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Null),
    comment: commentOf(symbol, checker),
  };
}

/** What stands above a declaration, in one line, without its tags. */
export function commentOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/\{@link ([\w.]+)\}/g, '`$1`')
    .replace(/\s+/g, ' ');
}

/** The room of `modules/` in which something stands, without its wing: `wallets`. */
export function roomOf(node: ts.Node): string {
  const folders = relative(MODULES, node.getSourceFile().fileName).split('/').slice(0, -1);
  return folders.find((name) => ROOMS[name] !== undefined) ?? folders.join('/');
}

export function isOurs(fileName: string): boolean {
  return !relative(MODULES, fileName).startsWith('..');
}

/** A decorator of a parameter: `@Query('next')` is the name `Query` with the text `'next'`. */
export interface ParameterDecorator {
  readonly name: string;
  readonly text: string;
  readonly args: readonly ts.Expression[];
}

export function decoratorOf(parameter: ts.ParameterDeclaration): ParameterDecorator | undefined {
  const [decorator] = ts.getDecorators(parameter) ?? [];
  if (!decorator || !ts.isCallExpression(decorator.expression)) return undefined;
  return {
    name: decorator.expression.expression.getText(),
    text: decorator.expression.getText(),
    args: [...decorator.expression.arguments],
  };
}
