import { asObject, asString, readJson } from '../../detect/json.ts';
import { followImports, resolveImport } from '../../detect/modules.ts';
import type { Host, Target } from '../../model.ts';
import { type CallExpression, dotted, keyOf, literal, propertyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { originOf } from '../shared/names.ts';
import { type Reach, reachOf } from '../shared/reach.ts';
import { above, type Source, textAt } from '../shared/source.ts';
import { constantOf, isObject, isOnlyVariable, memberCalls } from './names.ts';

/** A call `NestFactory.create(…)`, and which one it is among those of its file. */
export interface Creation {
  source: Source;
  call: CallExpression;
  nth: number;
}

/** What an entry reaches, and the apps that are created there. */
export interface Bootstrap {
  entry: string;
  reach: Reach;
  creations: readonly Creation[];
  /** The other kinds of app that are created: 'createMicroservice', 'createApplicationContext'. */
  others: readonly string[];
}

/** Where `rawBody: true` goes, or why it cannot be put. */
export type OptionsPlace =
  | { kind: 'argument'; argument: number }
  | { kind: 'property'; target: Target }
  | { kind: 'none'; because: string };

/** The first likely entry that creates an app, else the first that exists; null where there is none. */
export function bootstrapOf({ tree, profile }: Pick<Host, 'tree' | 'profile'>): Bootstrap | null {
  const named = profile.entry.value === null ? [] : [profile.entry.value];
  const entries = [...named, ...configured(tree), 'src/main.ts', 'src/main.js', 'src/index.ts', 'src/server.ts'];
  const found: Bootstrap[] = [];
  for (const entry of new Set(entries.filter((path) => tree.has(path)))) {
    const reach = reachOf(tree, followImports(tree, entry), resolveImport);
    const bootstrap = { entry, reach, creations: callsOf(reach, 'create'), others: othersOf(reach) };
    if (bootstrap.creations.length > 0) return bootstrap;
    found.push(bootstrap);
  }
  return found.find(({ others }) => others.length > 0) ?? found[0] ?? null;
}

/** The entries that nest-cli.json names: its own, or in monorepo mode the default project's first. */
function configured(tree: Host['tree']): string[] {
  const config = readJson(tree, 'nest-cli.json');
  if (!config) return [];
  const projects = Object.values(asObject(config.projects) ?? {})
    .map((project) => asObject(project))
    .filter((project) => project !== null);
  const isDefault = (root: string | null) => root !== null && root === asString(config.root);
  const apps = projects.filter((project) => asString(project.type) !== 'library');
  apps.sort((a, b) => Number(isDefault(asString(b.root))) - Number(isDefault(asString(a.root))));
  return [config, ...apps].flatMap(({ sourceRoot, entryFile }) => {
    const folder = asString(sourceRoot) ?? 'src';
    const file = asString(entryFile) ?? 'main';
    return [`${folder}/${file}.ts`, `${folder}/${file}.js`];
  });
}

function callsOf(reach: Reach, method: string): Creation[] {
  const all = [...reach.sources.values()].flatMap((source) => {
    const calls = memberCalls(source, method).filter((call) => isFactory(source, call));
    return calls.map((call) => {
      const same = memberCalls(source, method).filter((one) => dotted(one.callee) === dotted(call.callee));
      return { source, call, nth: same.indexOf(call) };
    });
  });
  return all.filter(({ source }) => source === all[0]?.source);
}

const othersOf = (reach: Reach): string[] =>
  ['createMicroservice', 'createApplicationContext'].filter((method) => callsOf(reach, method).length > 0);

function isFactory(source: Source, call: CallExpression): boolean {
  if (call.callee.type !== 'MemberExpression') return false;
  const origin = originOf({ source, node: call.callee.object });
  return origin?.from === '@nestjs/core' && /(^|\.)NestFactory$/.test(origin.name);
}

/** The name that the app is bound to: 'app', 'this.app'; '' where it has none. */
export function appName({ source, call }: Creation): string {
  for (const parent of above(source, call)) {
    if (parent.type === 'VariableDeclarator') return dotted(parent.id) ?? '';
    if (parent.type === 'AssignmentExpression') return dotted(parent.left) ?? '';
    if (!/^(AwaitExpression|ParenthesizedExpression|TS\w+Expression)$/.test(parent.type)) return '';
  }
  return '';
}

/** Where the options of a creation are, or would be: behind the module, or behind the module and an adapter. */
export function optionsPlace(creation: Creation, keepsBytes: boolean): OptionsPlace {
  const { source, call, nth } = creation;
  const [, second, third] = call.arguments;
  if (call.arguments.some((argument) => argument.type === 'SpreadElement')) return none('its arguments are spread');
  if (!second) return { kind: 'argument', argument: 1 };
  const where = (argument: number): Target => ({
    call: textAt({ source, node: call.callee }),
    nth,
    argument,
    path: [],
  });
  if (third) return inObject(source, third, where(2), keepsBytes);
  const kind = kindOf(source, second);
  if (kind === 'adapter') return { kind: 'argument', argument: 2 };
  if (kind === 'options') return inObject(source, second, where(1), keepsBytes);
  return none(`${textAt({ source, node: second })} may be options or an adapter`);
}

const none = (because: string): OptionsPlace => ({ kind: 'none', because });

function kindOf(source: Source, node: Syntax): 'adapter' | 'options' | null {
  const inner = unwrap(node);
  const value = inner.type === 'Identifier' ? constantOf(source, inner, inner.name) : inner;
  if (value?.type === 'NewExpression') return 'adapter';
  if (isObject(value)) return 'options';
  return inner.type === 'Identifier' && /adapter$/i.test(inner.name) ? 'adapter' : null;
}

function inObject(source: Source, node: Syntax, here: Target, keepsBytes: boolean): OptionsPlace {
  const inner = unwrap(node);
  const value = inner.type === 'Identifier' ? constantOf(source, inner, inner.name) : inner;
  if (!isObject(value)) return none(`its options are not an object literal of this file (${textAt({ source, node })})`);
  const raw = propertyOf(value, 'rawBody');
  if (raw && literal(raw) !== true) return none(`rawBody is ${textAt({ source, node: raw })} on purpose`);
  const parser = propertyOf(value, 'bodyParser');
  if (parser && literal(parser) !== true && !keepsBytes)
    return none(`bodyParser is ${textAt({ source, node: parser })}, so that Nest reads no body and keeps no bytes`);
  if (value.properties.some((property) => keyOf(property) === 'rawBody' && property.type !== 'Property'))
    return none('rawBody is not a plain property');
  if (inner.type !== 'Identifier') return { kind: 'property', target: here };
  if (!isOnlyVariable(source, inner.name)) return none(`several variables are called ${inner.name}`);
  return { kind: 'property', target: { variable: inner.name, path: [] } };
}
