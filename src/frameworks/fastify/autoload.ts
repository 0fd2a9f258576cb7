import type { AppSite, Host } from '../../model.ts';
import { dirname, joinPath } from '../../text/path.ts';
import {
  dotted,
  literal,
  type ObjectExpression,
  propertyOf,
  type Syntax,
  stringValue,
  unwrap,
} from '../../text/syntax.ts';
import { originOf } from '../shared/names.ts';
import type { Reach } from '../shared/reach.ts';
import { type Source, type Spot, textAt } from '../shared/source.ts';

export interface Autoload {
  convention: NonNullable<AppSite['convention']>;
  /** What its options put before every file's own prefix. */
  prefix: string;
  /** Every folder that is loaded by itself, plugins included. */
  folders: readonly string[];
}

const packages = ['@fastify/autoload', 'fastify-autoload'];

/** The folder of routes that the host loads by itself. Null where an index file of ours is not sure to be found, or not under its folder's name. */
export function autoloadOf(host: Host, reach: Reach): Autoload | null {
  const loads = [...reach.sources.values()].flatMap((source) => loadsIn(host, source));
  const folders = loads.map(({ folder }) => folder);
  const routes = loads.filter(({ folder }) =>
    /(?:^|\/)(?:routes?|api|controllers?|endpoints|modules|features)$/i.test(folder),
  );
  const [only] = routes;
  if (!only || routes.length > 1) return null;
  const prefix = prefixOf(only.options);
  const named = propertyOf(only.options, 'dirNameRoutePrefix');
  if (prefix === null || (named && literal(named) !== true) || !loadsIndex(host, only)) return null;
  return { prefix, folders, convention: { folder: only.folder, prefix, fileName: 'index' } };
}

interface Load {
  folder: string;
  options: ObjectExpression;
  source: Source;
}

function loadsIn(host: Host, source: Source): Load[] {
  return source.nodes.flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const [plugin, given] = node.arguments;
    const origin = plugin ? originOf({ source, node: plugin }) : null;
    const options = given ? unwrap(given) : null;
    if (!origin || !packages.includes(origin.from) || options?.type !== 'ObjectExpression') return [];
    const dir = propertyOf(options, 'dir');
    const folder = dir ? folderFrom({ source, node: dir }) : null;
    return folder !== null && host.tree.list(folder).length > 0 ? [{ folder, options, source }] : [];
  });
}

/** `path.join(__dirname, 'routes')`, `join(import.meta.dirname, 'routes')`, `` `${__dirname}/routes` ``, `new URL('routes', import.meta.url)`. */
function folderFrom({ source, node }: Spot): string | null {
  const words = wordsIn(source, node);
  if (!words.includes(here) || words.length < 2) return null;
  return joinPath(dirname(source.path), ...words.filter((word) => word !== here));
}

const here = '<here>';

/** The strings of a path expression in order, with a mark where it says the file's own folder; names are looked up. */
function wordsIn(source: Source, node: Syntax, depth = 0): string[] {
  const inner = unwrap(node);
  if (/^(?:__dirname|import\.meta\.(?:dirname|url))$/.test(textAt({ source, node: inner }))) return [here];
  if (inner.type === 'TemplateLiteral')
    return [
      ...inner.expressions.flatMap((one) => wordsIn(source, one, depth)),
      ...inner.quasis.map(({ value }) => value.raw),
    ];
  if (inner.type === 'CallExpression' || inner.type === 'NewExpression')
    return inner.arguments.flatMap((argument) => wordsIn(source, argument, depth));
  if (inner.type === 'Identifier' && depth < 4) {
    const declared = source.nodes.find((one) => one.type === 'VariableDeclarator' && dotted(one.id) === inner.name);
    return declared?.type === 'VariableDeclarator' && declared.init ? wordsIn(source, declared.init, depth + 1) : [];
  }
  const word = stringValue(inner);
  return word === null ? [] : [word];
}

/** A literal prefix among the options; '' for none or for options that are passed on; null where it is computed. */
function prefixOf(options: ObjectExpression): string | null {
  const given = propertyOf(options, 'options');
  const object = given ? unwrap(given) : null;
  const parts = object?.type === 'CallExpression' ? object.arguments.map(unwrap) : [object];
  for (const part of parts) {
    const prefix = part?.type === 'ObjectExpression' ? propertyOf(part, 'prefix') : null;
    if (prefix) return stringValue(prefix)?.replace(/\/$/, '') ?? null;
  }
  return '';
}

/** Whether the host's patterns let `<folder>/index` through; false where a pattern cannot be read. */
function loadsIndex(host: Host, { options, source }: Load): boolean {
  const extension = host.profile.language.value === 'ts' ? '.ts' : (/\.[cm]js$/.exec(source.path)?.[0] ?? '.js');
  const name = `index${extension}`;
  const path = `/webhooks/${name}`;
  const keys = ['ignorePattern', 'ignoreFilter', 'matchFilter', 'scriptPattern', 'indexPattern'];
  const [ignored, skipped, matched, scripts, index] = keys.map((key) => patternOf(options, key));
  if ([ignored, skipped, matched, scripts, index].includes(null)) return false;
  const refused = [ignored?.test(name), ignored?.test(path), ignored?.test('webhooks'), skipped?.test(path)];
  const wanted = [matched?.test(path), scripts?.test(name), index?.test(name)];
  return !refused.includes(true) && !wanted.includes(false);
}

/** A pattern given as a regular expression or a string; undefined where there is none, null where it cannot be read. */
function patternOf(options: ObjectExpression, key: string): RegExp | null | undefined {
  const value = propertyOf(options, key);
  if (!value) return undefined;
  const inner = unwrap(value);
  if (inner.type === 'Literal' && 'regex' in inner) return new RegExp(inner.regex.pattern, inner.regex.flags);
  const text = stringValue(inner);
  return text === null ? null : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
