import type { DatabaseClient, Evidence, ExportedInstance, RedisClient, Tree } from '../model.ts';
import { calleeText, dotted, keyOf, lineOf, type Program, type Syntax, unwrap } from '../text/syntax.ts';
import type { Candidate } from './evidence.ts';
import { importsOf } from './imports.ts';
import { programOf } from './scene.ts';

type Client = DatabaseClient | RedisClient;

interface Maker {
  client: Client;
  packages: RegExp;
  /** The names that make a client, after the import's own name: '*' stands for the module or its default. */
  made: RegExp;
}

const makers: readonly Maker[] = [
  {
    client: 'drizzle',
    packages: /^drizzle-orm\/(node-postgres|postgres-js|neon-\w+|vercel-postgres|pglite|xata-http|pg-proxy|bun-sql)/,
    made: /^drizzle$/,
  },
  { client: 'prisma', packages: /prisma/, made: /(^|\.)PrismaClient$/ },
  { client: 'kysely', packages: /^kysely$/, made: /^Kysely$/ },
  { client: 'supabase', packages: /^@supabase\/supabase-js$/, made: /^createClient$/ },
  {
    client: 'pg',
    packages: /^(pg|@neondatabase\/serverless|@vercel\/postgres)$/,
    made: /^(\*\.)?(default\.)?Pool$|^createPool$/,
  },
  { client: 'postgres', packages: /^postgres$/, made: /^\*$/ },
  { client: 'ioredis', packages: /^ioredis$/, made: /^(\*|Redis|\*\.(Redis|Cluster|default)|Cluster)$/ },
  { client: 'redis', packages: /^(redis|@redis\/client)$/, made: /^(\*\.)?create(Client|Cluster|ClientPool)$/ },
  { client: 'upstash', packages: /^@upstash\/redis/, made: /^(\*\.)?Redis(\.fromEnv)?$/ },
];

export interface FoundInstance extends Candidate<ExportedInstance> {
  client: Client;
}

/** The database and Redis clients that a file makes and exports. */
export function instancesIn(tree: Tree, file: string): FoundInstance[] {
  const source = programOf(tree, file);
  if (!source) return [];
  const names = importedNames(source.program);
  if (names.size === 0) return [];
  const variables = variablesOf(source.program);
  return exportsOf(source.program).flatMap(({ name, value }) => {
    const root = value.type === 'Identifier' ? variables.get(value.name) : value;
    const client = root ? clientOf(root, names, variables, 0) : null;
    if (!root || client === null) return [];
    const reason = `${file} exports its ${client} client as ${name}`;
    const evidence: Evidence = { file, line: lineOf(source.text, root.start), reason, confidence: 'certain' };
    return [{ client, value: { file, name }, evidence }];
  });
}

/** Local names of what makes clients: the maker and the name that it has in its module. */
function importedNames(program: Program): Map<string, { maker: Maker; imported: string }> {
  const found = new Map<string, { maker: Maker; imported: string }>();
  for (const { specifier, names, typeOnly } of importsOf(program)) {
    for (const { imported, local } of typeOnly ? [] : names) {
      const maker = makers.find(
        ({ packages, made }) => packages.test(specifier) || (imported === 'PrismaClient' && made.test(imported)),
      );
      if (maker) found.set(local, { maker, imported: imported === 'default' ? '*' : imported });
    }
  }
  return found;
}

function variablesOf(program: Program): Map<string, Syntax> {
  const found = new Map<string, Syntax>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations)
        if (id.type === 'Identifier' && init) found.set(id.name, init);
    } else if (declaration?.type === 'ExpressionStatement') {
      const { expression } = declaration;
      if (expression.type === 'AssignmentExpression' && expression.left.type === 'Identifier')
        found.set(expression.left.name, expression.right);
    }
  }
  return found;
}

/** The client that an expression makes, through await, fallbacks, method chains and variables. */
function clientOf(
  node: Syntax,
  names: ReadonlyMap<string, { maker: Maker; imported: string }>,
  variables: ReadonlyMap<string, Syntax>,
  depth: number,
): Client | null {
  if (depth > 8) return null;
  const again = (next: Syntax) => clientOf(next, names, variables, depth + 1);
  const inner = unwrap(node);
  if (inner.type === 'AwaitExpression') return again(inner.argument);
  if (inner.type === 'LogicalExpression') return again(inner.left) ?? again(inner.right);
  if (inner.type === 'ConditionalExpression') return again(inner.consequent) ?? again(inner.alternate);
  if (inner.type === 'AssignmentExpression') return again(inner.right);
  if (inner.type === 'Identifier') {
    const value = variables.get(inner.name);
    return value ? again(value) : null;
  }
  if (inner.type !== 'CallExpression' && inner.type !== 'NewExpression') return null;
  const [root = '', ...members] = (calleeText(inner) ?? '').split('.');
  const known = names.get(root);
  if (known?.maker.made.test([known.imported, ...members].join('.'))) return known.maker.client;
  const callee = unwrap(inner.callee);
  return callee.type === 'MemberExpression' && !/^(from|Pool|select|query)$/.test(members.at(-1) ?? '')
    ? again(callee.object)
    : null;
}

/** What a file exports, by name, in either module system; what a re-export names is left to its own file. */
function exportsOf(program: Program): { name: string; value: Syntax }[] {
  return program.body.flatMap((statement): { name: string; value: Syntax }[] => {
    if (statement.type === 'ExportDefaultDeclaration') return [{ name: 'default', value: statement.declaration }];
    if (statement.type === 'TSExportAssignment') return [{ name: 'default', value: statement.expression }];
    if (statement.type === 'ExpressionStatement') return assigned(statement.expression);
    if (statement.type === 'VariableDeclaration')
      return statement.declarations.flatMap(({ init }) => (init ? assigned(init) : []));
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) return [];
    if (statement.declaration?.type === 'VariableDeclaration') {
      return statement.declaration.declarations.flatMap(({ id }) =>
        id.type === 'Identifier' ? [{ name: id.name, value: id }] : [],
      );
    }
    return statement.specifiers.flatMap(({ local, exported }) => {
      const name = exported.type === 'Literal' ? exported.value : exported.name;
      return local.type === 'Identifier' ? [{ name, value: local }] : [];
    });
  });
}

function assigned(expression: Syntax): { name: string; value: Syntax }[] {
  if (expression.type !== 'AssignmentExpression') return [];
  const target = /^(?:module\.exports|exports)(?:\.(\w+))?$/.exec(dotted(expression.left) ?? '');
  if (!target) return [];
  const value = unwrap(expression.right);
  if (target[1] !== undefined) return [{ name: target[1], value }];
  if (value.type !== 'ObjectExpression') return [{ name: 'default', value }];
  return value.properties.flatMap((property) => {
    const name = keyOf(property);
    return property.type === 'Property' && name !== null ? [{ name, value: property.value }] : [];
  });
}
