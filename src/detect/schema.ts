import type { EnvSchema, Profile, Target } from '../model.ts';
import {
  type CallExpression,
  calleeText,
  dotted,
  isCall,
  keyOf,
  lineOf,
  type ObjectExpression,
  type Program,
  propertyOf,
  type Syntax,
  textOf,
  unwrap,
  walk,
} from '../text/syntax.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { importsOf } from './imports.ts';
import { programOf, type Scene } from './scene.ts';

type Library = EnvSchema['library'];

/** The module that validates the environment, and where its schema's literal stands. */
export function envSchemaOf(scene: Scene, files: readonly string[]): Profile['envSchema'] {
  const candidates = files.flatMap((file) => schemasIn(scene, file));
  const ranked = [...candidates].sort(
    (a, b) => Number(b.evidence.confidence === 'certain') - Number(a.evidence.confidence === 'certain'),
  );
  return decide<EnvSchema | null>(ranked, {
    value: null,
    evidence: assumed('no file validates the environment', 'likely'),
  });
}

const reading = /\b(process\.env|Bun\.env|import\.meta\.env|createEnv|cleanEnv|validationSchema)\b/;

function schemasIn({ tree }: Scene, file: string): Candidate<EnvSchema>[] {
  if (!/zod|envalid|t3-oss|joi/i.test(tree.read(file) ?? '')) return [];
  const source = programOf(tree, file);
  if (!source) return [];
  const { text, program } = source;
  const libraries = librariesIn(program);
  const calls = callsIn(program);
  return calls.flatMap((call) => {
    const found = schemaIn(call, libraries);
    if (!found) return [];
    const { library, argument, path } = found;
    const fed = isFed(call, program) || library === 'envalid' || library === 't3-env';
    const upper = found.literal !== null && isEnvironment(found.literal);
    if (!fed && !(upper && (reading.test(text) || /(^|[/.-])env(ironment)?\b/i.test(file)))) return [];
    const callee = textOf(text, call.callee);
    const nth = calls.filter((other) => bare(textOf(text, other.callee)) === bare(callee)).indexOf(call);
    const target: Target | null = found.literal === null ? null : { call: callee, nth, argument, path };
    const again = library === 't3-env' ? runtimeKey(call) : null;
    const runtimeEnv: Target | null = again === null ? null : { call: callee, nth, argument, path: [again] };
    return row<EnvSchema>(
      { file, library, target, runtimeEnv },
      seen(
        file,
        lineOf(text, call.start),
        `${file} validates the environment with ${library}`,
        fed ? 'certain' : 'likely',
      ),
    );
  });
}

/** Without white space, as places are compared by tokens. */
const bare = (code: string): string => code.replace(/\s+/g, '');

const packages: readonly { library: Library; names: RegExp }[] = [
  { library: 'zod', names: /^(zod(\/.*)?|@hono\/zod-openapi|astro\/zod)$/ },
  { library: 'joi', names: /^(@hapi\/)?joi$/ },
  { library: 'envalid', names: /^envalid$/ },
  { library: 't3-env', names: /^@t3-oss\/env-/ },
];

function librariesIn(program: Program): Map<string, Library> {
  const found = new Map<string, Library>();
  for (const { specifier, names, typeOnly } of importsOf(program)) {
    const known = typeOnly ? undefined : packages.find((row) => row.names.test(specifier));
    for (const { local } of known ? names : []) if (known) found.set(local, known.library);
  }
  return found;
}

function callsIn(program: Program): CallExpression[] {
  const calls: CallExpression[] = [];
  walk(program, (node) => isCall(node) && calls.push(node));
  return calls.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The literal of a schema call, where it has one: which argument, and the path inside it. */
function schemaIn(
  call: CallExpression,
  libraries: ReadonlyMap<string, Library>,
): { library: Library; argument: number; path: readonly string[]; literal: ObjectExpression | null } | null {
  const [name, method] = methodOf(call);
  const library = name === null ? undefined : libraries.get(name);
  const objectAt = (at: number): ObjectExpression | null => {
    const argument = call.arguments[at];
    const inner = argument ? unwrap(argument) : null;
    return inner?.type === 'ObjectExpression' ? inner : null;
  };
  if (library === 'zod' && /^(object|strictObject|looseObject|z\.object)$/.test(method))
    return { library, argument: 0, path: [], literal: objectAt(0) };
  if (library === 'joi' && /^(object|keys)$/.test(method) && call.arguments.length > 0)
    return { library, argument: 0, path: [], literal: objectAt(0) };
  if (library === 'envalid' && /^(cleanEnv|customCleanEnv)$/.test(method))
    return { library, argument: 1, path: [], literal: objectAt(1) };
  if (library !== 't3-env' || method !== 'createEnv') return null;
  const options = objectAt(0);
  const server = options ? propertyOf(options, 'server') : null;
  return { library, argument: 0, path: ['server'], literal: server?.type === 'ObjectExpression' ? server : null };
}

/** The key of t3-env's options that names each variable once more in a literal. */
function runtimeKey(call: CallExpression): string | null {
  const [options] = call.arguments;
  const keys =
    options?.type === 'ObjectExpression'
      ? options.properties
          .filter((property) => property.type === 'Property' && property.value.type === 'ObjectExpression')
          .map(keyOf)
      : [];
  return keys.find((key) => key === 'runtimeEnv' || key === 'runtimeEnvStrict') ?? null;
}

/** The name that a call starts from and the last method's: `Joi.object().keys(…)` is Joi and keys; `object(…)` itself both. */
function methodOf(call: CallExpression): [root: string | null, method: string] {
  const name = calleeText(call);
  if (name !== null) return [name.split('.')[0] ?? null, name.split('.').slice(-1)[0] ?? ''];
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [null, ''];
  const inner = unwrap(callee.object);
  return isCall(inner) ? [methodOf(inner)[0], callee.property.name] : [null, ''];
}

/** True where the schema (or the variable it is in) parses the environment, or is Nest's validation schema. */
function isFed(schema: CallExpression, program: Program): boolean {
  let fed = false;
  const names = new Set<string>();
  const holds = (node: Syntax) => node.start <= schema.start && schema.end <= node.end;
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' && node.init && holds(node.init) && node.id.type === 'Identifier')
      names.add(node.id.name);
    if (node.type === 'Property' && keyOf(node) === 'validationSchema' && holds(node.value)) fed = true;
  });
  walk(program, (node) => {
    if (
      !isCall(node) ||
      node.callee.type !== 'MemberExpression' ||
      !/^(safe)?[pP]arse(Async)?$|^validate(Async)?$|^attempt$/.test(nameOf(node.callee.property))
    )
      return;
    const root = dotted(node.callee.object)?.split('.')[0];
    const direct =
      holds(node.callee.object) || (root !== undefined && names.has(root)) || startsFrom(node.callee.object, names);
    if (direct && node.arguments.some((argument) => readsEnvironment(argument))) fed = true;
  });
  return fed;
}

const nameOf = (node: Syntax): string => (node.type === 'Identifier' ? node.name : '');

function startsFrom(node: Syntax, names: ReadonlySet<string>): boolean {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return names.has(inner.name);
  return inner.type === 'MemberExpression'
    ? startsFrom(inner.object, names)
    : isCall(inner) && startsFrom(inner.callee, names);
}

function readsEnvironment(node: Syntax): boolean {
  let found = false;
  walk(node, (inner) => {
    if (/^(process|Bun|import\.meta)\.env$/.test(inner.type === 'MemberExpression' ? (dotted(inner) ?? '') : ''))
      found = true;
  });
  return found;
}

function isEnvironment(literal: ObjectExpression): boolean {
  const keys = literal.properties.map(keyOf).filter((key) => key !== null);
  return keys.length > 0 && keys.filter((key) => /^[A-Z][A-Z0-9_]*$/.test(key)).length * 2 > keys.length;
}
