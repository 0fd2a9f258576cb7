import { resolveImport } from '../../detect/modules.ts';
import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { memberName, objectAt, option } from '../code/objects.ts';
import { everyOf, functionAround, type Source, sourceAt } from '../code/source.ts';
import type { Project } from '../project.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/**
 * True where a schema that the program checks its environment by at the start requires a variable: what stands in for it
 * elsewhere is never used. A file's own schema says nothing of what it is given there.
 */
export function isRequired(source: Source, node: Syntax, variable: string): boolean {
  return checksOf(source.project).some(
    (check) =>
      check.required.has(variable) &&
      check.schema !== source.path &&
      check.runner !== source.path &&
      // Nest reads its file of variables when modules are made: what is read while files load comes before.
      (!check.isNest || functionAround(source, node) !== null),
  );
}

interface Check {
  /** The file that the schema stands in. */
  schema: string;
  /** The file that holds the environment against it. */
  runner: string;
  isNest: boolean;
  required: ReadonlySet<string>;
}

const known = new WeakMap<Project, readonly Check[]>();

function checksOf(project: Project): readonly Check[] {
  const before = known.get(project);
  if (before) return before;
  const found = project.files.flatMap((path) => {
    if (!/\.[cm]?[jt]s$/.test(path)) return [];
    const text = project.tree.read(path) ?? '';
    return running.test(text) ? checksIn(sourceAt(project, path)) : [];
  });
  known.set(project, found);
  return found;
}

const running =
  /\bcleanEnv\(|\bcreateEnv\(|ConfigModule\s*\.forRoot\(|\.(parse|safeParse|validate|attempt)\([^)]*process\.env\b/;

function checksIn(runner: Source | null): Check[] {
  const checks: Check[] = [];
  if (runner === null || runner.kind !== 'app') return checks;
  const stops = /\bthrow\b|process\.exit/.test(runner.text);
  const add = (paths: Iterable<string>, isNest: boolean): void => {
    for (const schema of paths) {
      const required = requiredIn(sourceAt(runner.project, schema));
      if (required.size > 0) checks.push({ schema, runner: runner.path, isNest, required });
    }
  };
  everyOf(runner.program, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression') return;
    if (isForRoot(node)) add(schemasOfNest(runner, node), true);
    else if (isOwnCheck(runner, node, stops) && isLoaded(runner)) add([runner.path, ...importsOf(runner)], false);
  });
  return checks;
}

const isForRoot = (node: Call): boolean => {
  const callee = unwrap(node.callee);
  return (
    callee.type === 'MemberExpression' &&
    memberName(callee) === 'forRoot' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'ConfigModule'
  );
};

/** `ConfigModule.forRoot({ validate })`, `{ validationSchema }`: the files in which what is given there is written. */
function schemasOfNest(runner: Source, node: Call): Set<string> {
  const options = objectAt(runner, node.arguments[0]);
  const given = options && (option(options, 'validate') ?? option(options, 'validationSchema'));
  const place = options && given ? placeOf(options.source, given) : null;
  return new Set(place ? [place.source.path, ...importsOf(place.source)] : []);
}

/** `schema.parse(process.env)`, `cleanEnv(process.env, …)`, `createEnv({ … })`; of those that only tell, what stops after. */
function isOwnCheck(runner: Source, node: Call, stops: boolean): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'Identifier' ? callee.name : memberName(callee);
  if (name === 'createEnv' || name === 'cleanEnv') return true;
  if (!node.arguments.some((one) => /^(process\.env|\{\s*\.\.\.process\.env\s*,?\s*\})$/.test(runner.textOf(one))))
    return false;
  return name === 'parse' || name === 'attempt' || (stops && (name === 'safeParse' || name === 'validate'));
}

/** True for a file that another one imports, or that a program begins with. */
function isLoaded(runner: Source): boolean {
  const parts = runner.path.replace(/\.[cm]?[jt]s$/, '').split('/');
  const last = parts.at(-1) ?? '';
  if (/^(main|server|app|instrumentation)$/.test(last)) return true;
  const name = (last === 'index' ? (parts.at(-2) ?? last) : last).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const imported = new RegExp(
    `(from\\s*|import\\s*|(require|import|jiti)\\(\\s*)['"]([^'"]*/)?${name}(\\.[cm]?[jt]s)?['"]`,
  );
  return runner.project.files.some(
    (path) =>
      path !== runner.path && /\.[cm]?[jt]sx?$/.test(path) && imported.test(runner.project.tree.read(path) ?? ''),
  );
}

const importsOf = (source: Source): string[] =>
  source.program.body.flatMap((one) => {
    const path =
      one.type === 'ImportDeclaration' ? resolveImport(source.project.tree, source.path, one.source.value) : null;
    return path === null ? [] : [path];
  });

/** The variables that the schemas of a file do not do without. */
function requiredIn(source: Source | null): ReadonlySet<string> {
  const names = new Set<string>();
  if (source === null || !/\bz\b|zod|joi|envalid|class-validator/i.test(source.text)) return names;
  everyOf(source.program, ['Property', 'PropertyDefinition'], (node) => {
    if (node.type !== 'Property' && node.type !== 'PropertyDefinition') return;
    const name = keyOf(node);
    if (name === null || !/^[A-Z][A-Z0-9_]+$/.test(name)) return;
    if (node.type === 'PropertyDefinition') {
      const checks = node.decorators.map((one) => source.textOf(one)).join('\n');
      if (
        node.value === null &&
        /@(IsString|IsNotEmpty|MinLength|Length)\(/.test(checks) &&
        !/IsOptional|ValidateIf/.test(checks)
      )
        names.add(name);
    } else if (node.value !== null && insists(source.textOf(node.value))) names.add(name);
  });
  return names;
}

/** True for a text's schema that takes nothing less: of zod, of joi, of envalid. */
const insists = (code: string): boolean =>
  (/^z(od)?\s*\.string\(/.test(code) &&
    !/\.(optional|nullish|nullable|default|catch|prefault|or|transform|pipe)\(/.test(code)) ||
  (/^joi\s*\.string\(/i.test(code) &&
    /\.required\(/.test(code) &&
    !/\.(default|when|optional|allow|empty)\(/.test(code)) ||
  (/^(envalid\.)?str\(/.test(code) && !/\bdefault\s*:/.test(code));
