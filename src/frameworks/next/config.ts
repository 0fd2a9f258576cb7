import type { Tree } from '../../model.ts';
import { lineOf, literal, propertyOf, type Syntax, stringValue, unwrap, walk } from '../../text/syntax.ts';
import { exportOf } from '../shared/exports.ts';
import { type Reach, reachOf } from '../shared/reach.ts';
import { lineAt, type Source, type Spot } from '../shared/source.ts';

/** What a next.config file says about paths. */
export interface NextConfig {
  file: string | null;
  /** '' for none; null where it is computed. */
  basePath: string | null;
  /** 'certain' for `output: 'export'`, 'maybe' where an expression may give it. */
  exportsStatic: 'certain' | 'maybe' | 'no';
  addsSlash: boolean;
  pageExtensions: readonly string[];
  /** Sources of redirects and rewrites that come before a route with a parameter. */
  rules: readonly { kind: 'redirect' | 'rewrite'; source: string; line: number }[];
  /** 1-based lines of the settings, by name. */
  lines: Readonly<Record<string, number>>;
}

const names = ['next.config.ts', 'next.config.mts', 'next.config.mjs', 'next.config.js', 'next.config.cjs'];
const usual = ['tsx', 'ts', 'jsx', 'js'];

/** Reads the project's next.config; what is not literal counts as unknown. */
export function configOf(tree: Tree): NextConfig {
  const file = names.find((name) => tree.has(name)) ?? null;
  const reach = reachOf(tree, file === null ? [] : [file], () => null);
  const source = file === null ? undefined : reach.sources.get(file);
  const objects = source ? objectsOf(reach, source) : [];
  const get = (key: string): Syntax | null => {
    for (const object of objects) {
      const value = object.type === 'ObjectExpression' ? propertyOf(object, key) : null;
      if (value) return value;
    }
    return null;
  };
  const output = get('output');
  const base = get('basePath');
  const skips = get('skipTrailingSlashRedirect');
  const slash = get('trailingSlash');
  const extensions = get('pageExtensions');
  return {
    file,
    basePath: base && source ? constantText(source, base) : '',
    exportsStatic: output ? staticOutput(output) : 'no',
    addsSlash: slash !== null && literal(slash) === true && !(skips && literal(skips) === true),
    pageExtensions: extensions ? stringsIn(extensions) : usual,
    rules: source
      ? [...rulesIn(source, get('redirects'), 'redirect'), ...rulesIn(source, get('rewrites'), 'rewrite')]
      : [],
    lines: Object.fromEntries(
      Object.entries({ output, basePath: base, trailingSlash: slash, pageExtensions: extensions }).map(
        ([key, node]) => [key, node && source ? lineOf(source.text, node.start) : 1],
      ),
    ),
  };
}

/** The configuration objects: the exported one, what wrappers and functions give, and what is spread into it. */
function objectsOf(reach: Reach, source: Source): Syntax[] {
  const exported = exportOf(reach, source, 'default');
  return exported ? objectsFrom(exported, 0) : [];
}

function objectsFrom({ source, node }: Spot, depth: number): Syntax[] {
  const inner = unwrap(node);
  const further = (next: Syntax | null | undefined) => (next ? objectsFrom({ source, node: next }, depth + 1) : []);
  if (depth > 8) return [];
  switch (inner.type) {
    case 'ObjectExpression':
      return [inner, ...inner.properties.flatMap((one) => (one.type === 'SpreadElement' ? further(one.argument) : []))];
    case 'Identifier':
      return declarations(source, inner.name).flatMap(further);
    case 'CallExpression':
      return [
        ...inner.arguments.flatMap(further),
        ...(inner.callee.type === 'CallExpression' ? further(inner.callee) : []),
      ];
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return returnedBy(inner).flatMap(further);
    case 'AwaitExpression':
      return further(inner.argument);
    default:
      return [];
  }
}

function declarations(source: Source, name: string): Syntax[] {
  return source.nodes.flatMap((node): Syntax[] => {
    if (node.type === 'FunctionDeclaration') return node.id?.name === name ? [node] : [];
    const isNamed = node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name;
    return isNamed && node.init ? [node.init] : [];
  });
}

function returnedBy(node: Syntax): Syntax[] {
  const found: Syntax[] = [];
  if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement') return [node.body];
  walk(node, (one) => {
    if (one !== node && /Function/.test(one.type)) return 'skip';
    if (one.type === 'ReturnStatement' && one.argument) found.push(one.argument);
    return undefined;
  });
  return found;
}

function constantText(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  const [declared] = inner.type === 'Identifier' ? declarations(source, inner.name) : [];
  const text = stringValue(declared ?? inner);
  return text === null ? null : text.replace(/\/+$/, '');
}

function staticOutput(node: Syntax): NextConfig['exportsStatic'] {
  if (stringValue(node) === 'export') return 'certain';
  return stringsIn(node).includes('export') ? 'maybe' : 'no';
}

function stringsIn(node: Syntax): string[] {
  const found: string[] = [];
  walk(node, (one) => {
    const text = one.type === 'Literal' ? stringValue(one) : null;
    if (text !== null) found.push(text);
  });
  return found;
}

/** Every `source` in a list of rules, those of `fallback` left out: they come after all routes. */
function rulesIn(source: Source, node: Syntax | null, kind: 'redirect' | 'rewrite'): NextConfig['rules'] {
  const found: { kind: 'redirect' | 'rewrite'; source: string; line: number }[] = [];
  if (!node) return found;
  walk(node, (one) => {
    if (one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'fallback') return 'skip';
    const given = one.type === 'ObjectExpression' ? propertyOf(one, 'source') : null;
    const text = given ? stringValue(given) : null;
    if (given && text !== null) found.push({ kind, source: text, line: lineAt({ source, node: given }) });
    return undefined;
  });
  return found;
}
