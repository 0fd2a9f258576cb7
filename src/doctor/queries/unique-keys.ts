import { prismaSchemas } from '../code/workspace.ts';
import { columnsOf } from '../files/prisma.ts';
import type { Project } from '../project.ts';
import { bare } from './races.ts';

/** A table's keys: each a list of columns that no two rows share. */
type Keys = ReadonlyMap<string, readonly (readonly string[])[]>;

/** What a project's schema says of its tables. */
interface Tables {
  keys: Keys;
  /** The tables that it tells of, whether they have keys or not. */
  seen: ReadonlySet<string>;
}

const known = new WeakMap<Project, Tables>();

/**
 * What the project's own schema (Prisma, Drizzle, TypeORM, Sequelize, Knex, Kysely, Mongoose, SQL) says of some columns:
 * `key`, only one row may have these values; `none`, more may; `unknown`, where the table is not in it, or it cannot be
 * told by which columns was looked. Takes the model as code spells it, the columns that were looked by, and whether another
 * function makes the row.
 */
export function keyBy(
  project: Project,
  model: string,
  columns: readonly string[],
  isFar = false,
): 'key' | 'none' | 'unknown' {
  const looked = columns.map(plain);
  const tables = known.get(project) ?? tablesIn(project);
  known.set(project, tables);
  const own = tables.keys.get(bare(model)) ?? [];
  if (own.some((key) => key.length > 0 && key.every((one) => looked.includes(plain(one))))) return 'key';
  if (looked.length === 0 && own.some((key) => !key.every((one) => /^_?id$/.test(plain(one))))) return 'unknown';
  // What else the key has may be the same for all of them, where they are made elsewhere.
  if (isFar && looked.length > 1 && own.some((key) => looked.every((one) => key.map(plain).includes(one))))
    return 'unknown';
  return tables.seen.has(bare(model)) ? 'none' : 'unknown';
}

/** True where nothing in the project says which tables there are. */
export function hasNoSchema(project: Project): boolean {
  const tables = known.get(project) ?? tablesIn(project);
  known.set(project, tables);
  return tables.seen.size === 0;
}

/** A column in one spelling, for code and database. */
const plain = (column: string): string => column.replace(/[_"`[\]\s]/g, '').toLowerCase();

function tablesIn(project: Project): Tables {
  const { files, tree } = project;
  const keys = new Map<string, (readonly string[])[]>();
  const seen = new Set<string>();
  const reader: readonly (readonly [RegExp, (text: string, tell: Tell) => void])[] = [
    [/\.sql$/, inSql],
    [/\.[cm]?[jt]s$/, inCode],
  ];
  const note = (read: (text: string, tell: Tell) => void, text: string): void => {
    for (const found of text.matchAll(making)) {
      const table = found.slice(1).find((name) => name !== undefined);
      if (table !== undefined) seen.add(bare(table.replace(/(.)Entity$/, '$1')));
    }
    if (/unique|@id\b|primary/i.test(text))
      read(text, (table, columns) => keys.set(bare(table), [...(keys.get(bare(table)) ?? []), columns]));
  };
  for (const path of files) {
    const read = reader.find(([ending]) => ending.test(path))?.[1];
    if (read) note(read, tree.read(path) ?? '');
  }
  // Prisma's, also where another package of the workspace has it.
  for (const text of prismaSchemas(project)) note(inPrisma, text);
  return { keys, seen };
}

/** Where a schema names a table: a model of Prisma, CREATE TABLE, a table of Drizzle, a model of Mongoose and Sequelize, a builder's table, a class that is one. */
const making =
  /^[ \t]*model\s+(\w+)\s*\{|\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:["`]?\w+["`]?\.)?["`]?(\w+)|\b(\w+)\s*=\s*(?:\w+\.)?\w*Table\(|\bmodel\w*\s*(?:<[^()]*>)?\(\s*['"`](\w+)['"`]\s*,|\.define\(\s*['"`](\w+)['"`]|\b([A-Z]\w*)\.init\(|\bcreateTable\w*\(\s*['"`](\w+)['"`]|@(?:Entity|Schema|Table|modelOptions)\b[\s\S]{0,400}?\bclass\s+(\w+)/gim;

type Tell = (table: string, columns: readonly string[]) => void;

function inPrisma(text: string, tell: Tell): void {
  for (const [, name = '', body = ''] of text.matchAll(/^[ \t]*model\s+(\w+)\s*\{([\s\S]*?)^[ \t]*\}/gm))
    for (const line of body.split('\n').map((one) => one.replace(/\/\/.*$/, ''))) {
      const block = /^\s*@@(?:unique|id)\s*\((?:\s*fields\s*:)?\s*\[((?:[^\]()]|\([^)]*\))*)\]/.exec(line);
      if (block) tell(name, columnsOf(block[1] ?? ''));
      const field = /^\s*(\w+)\s+\w+\??\s[^\n]*@(id|unique)\b/.exec(line);
      if (field) tell(name, [field[1] ?? '']);
    }
}

function inSql(text: string, tell: Tell): void {
  const name = '((?:["`]?\\w+["`]?\\.)?["`]?\\w+["`]?)';
  const tables = new RegExp(`create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?${name}\\s*\\(([^;]*)`, 'gi');
  for (const [, table = '', body = ''] of text.matchAll(tables)) {
    for (const line of body.split('\n')) {
      const group = /\b(?:unique|primary\s+key)\s*(?:key|index)?\s*["`]?\w*["`]?\s*\(([^()]*)\)/i.exec(line);
      const column = /^\s*(["`]?\w+["`]?)\s+\w[^,]*\b(?:unique|primary\s+key)\b/i.exec(line);
      if (group) tell(unquoted(table), columnsOf(group[1] ?? ''));
      else if (column) tell(unquoted(table), [column[1] ?? '']);
    }
  }
  const indexes = new RegExp(
    `create\\s+unique\\s+index\\s[^;]*?\\son\\s+(?:only\\s+)?${name}[^;(]*\\(([^()]*)\\)([^;]*)`,
    'gi',
  );
  for (const [, table = '', columns = '', rest = ''] of text.matchAll(indexes))
    if (!/\bwhere\b/i.test(rest)) tell(unquoted(table), columnsOf(columns));
  const later = new RegExp(
    `alter\\s+table\\s+(?:only\\s+)?${name}\\s+add\\s+(?:constraint\\s+\\S+\\s+)?(?:unique|primary\\s+key)\\s*\\(([^()]*)\\)`,
    'gi',
  );
  for (const [, table = '', columns = ''] of text.matchAll(later)) tell(unquoted(table), columnsOf(columns));
}

const unquoted = (table: string): string => table.replace(/["`]/g, '');

function inCode(text: string, tell: Tell): void {
  if (/drizzle-orm/.test(text)) inDrizzle(text, tell);
  if (/mongoose/.test(text)) inMongoose(text, tell);
  if (/sequelize|\.define\(|\.init\(/i.test(text)) inSequelize(text, tell);
  if (/\bcreateTable\w*\(/.test(text)) inKnex(text, tell);
  if (/@(Entity|Schema|Table|modelOptions|prop)\b/.test(text)) inClasses(text, tell);
  if (/Schema\.index\(/.test(text)) inSchemas(text, tell);
  if (/\bcreate\s+(table|unique)\b|\balter\s+table\b/i.test(text)) inSql(text, tell);
}

const quoted = (list: string): string[] => [...list.matchAll(/['"`](\w+)['"`]/g)].map(([, one = '']) => one);

/** Classes of TypeORM, MikroORM, Nest’s Mongoose and sequelize-typescript: `@Column({ unique: true }) email`, `@Unique(['shop', 'name'])`. */
function inClasses(text: string, tell: Tell): void {
  const classes = [...text.matchAll(/\bclass\s+(\w+)/g)];
  const startOf = (index: number): number => Math.max(0, text.lastIndexOf('\n}', index));
  classes.forEach((found, at) => {
    const name = (found[1] ?? '').replace(/(.)Entity$/, '$1');
    const next = classes[at + 1];
    const part = text.slice(startOf(found.index), next ? startOf(next.index) : undefined);
    for (const [, list = ''] of part.matchAll(/@Unique\((?:\s*['"`]\w+['"`]\s*,)?\s*\[([^\]]*)\]/g))
      tell(name, quoted(list));
    for (const [, list = ''] of part.matchAll(
      /@(?:Unique|Index)\(\s*\{[^{}]*\b(?:properties|fields)\s*:\s*\[([^\]]*)\]/g,
    ))
      if (/@Unique/.test(part)) tell(name, quoted(list));
    for (const [, list = ''] of part.matchAll(/@Index\([^)]*?\[([^\]]*)\]\s*,\s*\{[^{}]*\bunique\s*:\s*true[^{}]*\}/g))
      if (!/\bwhere\b/.test(list)) tell(name, quoted(list));
    const columns =
      /@(?:(?:Column|Prop|prop|Property|Index)\([^()]*\{[^{}]*\bunique\s*:\s*true[^{}]*\}\s*\)|Unique(?:\(\s*\))?(?=\s))\s*(?:@\w+(?:\((?:[^()]|\([^()]*\))*\))?\s*)*(?:(?:public|private|protected|readonly|declare)\s+)*(\w+)\s*[!?]?\s*:/g;
    for (const [, column = ''] of part.matchAll(columns)) tell(name, [column]);
    const primary =
      /@Primary(?:Generated)?(?:Column|Key)\((?:[^()]|\([^()]*\))*\)\s*(?:@\w+(?:\((?:[^()]|\([^()]*\))*\))?\s*)*(\w+)\s*[!?]?\s*:/g;
    const own = [...part.matchAll(primary)].map(([, column = '']) => column);
    if (own.length > 0) tell(name, own);
  });
}

/** Nest’s Mongoose: `GuestSchema.index({ kind: 1, name: 1 }, { unique: true })`. */
function inSchemas(text: string, tell: Tell): void {
  for (const [, name = '', columns = '', options = ''] of text.matchAll(
    /\b(\w+)Schema\.index\(\s*\{([^{}]*)\}\s*,\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g,
  ))
    if (/\bunique\s*:\s*true/.test(options) && !/partialFilter/.test(options))
      tell(
        name,
        [...columns.matchAll(/(\w+)['"]?\s*:/g)].map(([, column = '']) => column),
      );
}

/** Of a file that defines one model: `email: { type: …, unique: true }`. */
function inSequelize(text: string, tell: Tell): void {
  const names = [...text.matchAll(/\.define\(\s*['"`](\w+)['"`]|\b(\w+)\.init\(/g)].map(
    ([, defined, own]) => defined ?? own ?? '',
  );
  const [name] = names;
  if (name === undefined || names.length > 1) return;
  for (const [, column = ''] of text.matchAll(/\b(\w+)\s*:\s*\{[^{}]*\bunique\s*:\s*(?:true|['"`{])/g))
    tell(name, [column]);
}

/** `createTable('users', (table) => { table.string('email').unique(); table.unique(['shop', 'name']); })`. */
function inKnex(text: string, tell: Tell): void {
  for (const [chain] of text.matchAll(/\.createIndex\([^;]*?\.execute\(/g)) {
    const [on, of] = [
      /\.on\(\s*['"`](\w+)['"`]/.exec(chain)?.[1],
      /\.columns?\(\s*(\[[^\]]*\]|['"`]\w+['"`])/.exec(chain)?.[1],
    ];
    if (on && of && /\.unique\(\)/.test(chain) && !/\.where\(/.test(chain)) tell(on, quoted(of));
  }
  const starts = [...text.matchAll(/\bcreateTable\w*\(\s*['"`](\w+)['"`]/g)];
  starts.forEach((start, index) => {
    const [, table = ''] = start;
    const body = text.slice(start.index, starts[index + 1]?.index);
    for (const [, column = ''] of body.matchAll(
      /\.\w+\(\s*['"`](\w+)['"`][^)]*\)(?:\s*\.\w+\([^()]*\))*?\s*\.(?:unique|primary)\(/g,
    ))
      tell(table, [column]);
    for (const [, list = ''] of body.matchAll(/\b\w+\.(?:unique|primary)\(\s*(\[[^\]]*\]|['"`]\w+['"`])/g))
      tell(table, quoted(list));
    // Kysely’s.
    for (const [, list = ''] of body.matchAll(
      /\.add(?:Unique|PrimaryKey)Constraint\(\s*['"`]\w+['"`]\s*,\s*(\[[^\]]*\])/g,
    ))
      tell(table, quoted(list));
    for (const column of body.split('.addColumn(').slice(1))
      if (/=>[^,]*\.(unique|primaryKey)\(/.test(column)) tell(table, quoted(column).slice(0, 1));
  });
}

/** `const users = pgTable('users', { email: text().unique() }, (t) => [uniqueIndex().on(t.a, t.b)])`. */
function inDrizzle(text: string, tell: Tell): void {
  const starts = [...text.matchAll(/\b(\w+)\s*=\s*(?:\w+\.)?\w*[tT]able\(/g)];
  starts.forEach((start, index) => {
    const [, table = ''] = start;
    const body = text.slice(start.index, starts[index + 1]?.index);
    for (const line of body.split(/,\s*\n/)) {
      const column = /(?:^|[{\n])\s*(\w+)\s*:\s*[\w.]+\([\s\S]*\.(?:unique|primaryKey)\(/.exec(line);
      if (column) tell(table, [column[1] ?? '']);
    }
    for (const [, columns = '', rest = ''] of body.matchAll(
      /\b(?:uniqueIndex|unique)\([^()]*\)\s*\.on\(([^()]*)\)\s*(\.where)?/g,
    ))
      if (rest === '')
        tell(
          table,
          [...columns.matchAll(/\.(\w+)/g)].map(([, column = '']) => column),
        );
  });
}

/** Of a file that holds one model: `email: { type: String, unique: true }`, and its indexes. */
function inMongoose(text: string, tell: Tell): void {
  const names = new Set(
    [...text.matchAll(/\bmodel\w*\s*(?:<[^()]*>)?\(\s*['"`](\w+)['"`]/g)].map(([, name = '']) => name),
  );
  const [name] = names;
  if (name === undefined || names.size > 1) return;
  for (const [, column = ''] of text.matchAll(/\b(\w+)\s*:\s*\{[^{}]*\bunique\s*:\s*(?:true|\[)/g))
    tell(name, [column]);
  for (const [, columns = '', options = ''] of text.matchAll(
    /\.index\(\s*\{([^{}]*)\}\s*,\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g,
  ))
    if (/\bunique\s*:\s*true/.test(options) && !/partialFilter/.test(options))
      tell(
        name,
        [...columns.matchAll(/(\w+)['"]?\s*:/g)].map(([, column = '']) => column),
      );
}
