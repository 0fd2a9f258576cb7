import { createRequire } from 'node:module';
import type { EcmaScriptModule, Node, Program } from 'oxc-parser';
import { markUntyped } from './children.ts';
import { everyOf } from './tree.ts';

export type Dialect = 'jsx' | 'ts' | 'tsx';
export interface Parser {
  /** Text (without a shebang) to its tree, or null where it has syntax errors. */
  read(text: string, dialect: Dialect): Program | null;
  /** Whether a text is free of syntax errors; the native parser says so without handing its tree over. */
  accepts(text: string, dialect: Dialect): boolean;
  /** What a text's import and export declarations and `import()` calls load, in their order, without a tree; null where only a tree tells. */
  links(text: string, dialect: Dialect): readonly Link[] | null;
}

/** A module that a file loads, as it is written there; `typeOnly` for `import type` and `export type`. */
export interface Link {
  specifier: string;
  typeOnly: boolean;
}

const require = createRequire(import.meta.url);

/** In this order: what a file most likely is comes first, a script with a top-level `return` last. */
const sourceTypes = ['unambiguous', 'commonjs'] as const;

/**
 * The native parser. Throws where its binary cannot be loaded. Nodes of JavaScript have no keys for types: its trees are
 * handed over as JSON, of which those are a quarter.
 */
export function nativeParser(): Parser {
  const { parseSync }: typeof import('oxc-parser') = require('oxc-parser');
  const parsed = (text: string, lang: Dialect) => {
    const astType = lang === 'jsx' ? 'js' : 'ts';
    for (const sourceType of sourceTypes) {
      const result = parseSync('file', text, { lang, sourceType, astType, preserveParens: false });
      if (result.errors.length === 0) return result;
    }
    return null;
  };
  return {
    read(text, lang) {
      const program = parsed(text, lang)?.program ?? null;
      if (program === null || lang !== 'jsx') return program;
      markUntyped(program);
      if (text.includes('`')) everyOf(program, ['TemplateElement'], widen);
      return program;
    },
    accepts: (text, lang) => parsed(text, lang) !== null,
    links(text, lang) {
      const module = parsed(text, lang)?.module;
      // The parser does not say what an export of nothing loads.
      const isTold = !/\bexport\s*(type\s*)?\{\s*\}\s*from\b/.test(text);
      return module === undefined || !isTold ? null : linksIn(module, text);
    },
  };
}

function linksIn({ staticImports, staticExports, dynamicImports }: EcmaScriptModule, text: string): Link[] | null {
  const found: (Link & { start: number })[] = [];
  for (const { start, moduleRequest, entries } of staticImports) {
    const isType =
      entries.length > 0 && entries.every(({ isType }) => isType) && /^import\s+type\b/.test(text.slice(start));
    found.push({ specifier: moduleRequest.value, typeOnly: isType, start });
  }
  for (const { start, entries } of staticExports) {
    const specifier = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest?.value;
    if (specifier !== undefined) found.push({ specifier, typeOnly: /^export\s+type\b/.test(text.slice(start)), start });
  }
  for (const { start, moduleRequest } of dynamicImports) {
    const named = /^(['"`])([^'"`\\$]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (named?.[2] === undefined) return null;
    found.push({ specifier: named[2], typeOnly: false, start });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** A parser that knows Flow's types too. */
interface PlainParser extends Parser {
  read(text: string, dialect: Dialect | 'flow'): Program | null;
}

/** The parser in plain JavaScript, slower, with trees that read the same. */
export function plainParser(): PlainParser {
  const babel: typeof import('@babel/parser') = require('@babel/parser');
  const read: PlainParser['read'] = (text, dialect) => {
    const plugins: import('@babel/parser').ParserPlugin[] = [['estree', { classFeatures: true }], 'decorators-legacy'];
    if (dialect === 'flow') plugins.push(['flow', { all: true }]);
    else if (dialect !== 'jsx') plugins.push('typescript');
    if (dialect !== 'ts') plugins.push('jsx');
    try {
      const file = babel.parse(text, {
        sourceType: 'unambiguous',
        attachComment: false,
        allowReturnOutsideFunction: true,
        allowUndeclaredExports: true,
        createImportExpressions: true,
        plugins,
      });
      return isProgram(file.program) ? alike(file.program, text) : null;
    } catch {
      return null;
    }
  };
  return { read, accepts: (text, dialect) => read(text, dialect) !== null, links: () => null };
}

/** The parse boundary: with its estree plugin that parser gives ESTree, which its own types do not say. */
function isProgram(node: unknown): node is Program {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'Program';
}

/** Levels the places where the two trees differ: type arguments, lists that are empty, decorated exported classes, template pieces. */
function alike(program: Program, text: string): Program {
  const queue: object[] = [program];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (isNode(node)) level(node, text);
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) queue.push(child);
  }
  return program;
}

const mayBeDecorated = /^(ClassDeclaration|ClassExpression|MethodDefinition|PropertyDefinition|AccessorProperty)$/;

function level(node: Node, text: string): void {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    if ('typeParameters' in node) Object.assign(node, { typeArguments: node.typeParameters });
  } else if (mayBeDecorated.test(node.type)) {
    if (!('decorators' in node && node.decorators)) Object.assign(node, { decorators: [] });
  } else if (node.type === 'TemplateElement') {
    widen(node);
  } else if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration') {
    const { declaration } = node;
    const words = /^export\s+(default\s+)?/.exec(text.slice(node.start))?.[0].length ?? 0;
    if (declaration && declaration.start < node.start) declaration.start = node.start + words;
  }
}

/** A template's piece with its marks, as it stands in the trees of TypeScript. */
function widen(node: Node): void {
  if (node.type !== 'TemplateElement') return;
  node.start -= 1;
  node.end += node.tail ? 1 : 2;
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string' && 'start' in value;
}
