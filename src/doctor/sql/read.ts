import type { Project } from '../project.ts';
import { changesOf } from './changes.ts';
import { statementsInCode } from './code/statements.ts';
import { type CodeTool, codeToolOf, isCodeTransactional } from './code/tools.ts';
import { dialectOf, isForeign, speaksPostgres } from './dialect.ts';
import type { Migration, SqlFile, Statement } from './file.ts';
import { folderOfMigration, isRecent } from './folder.ts';
import { copyOf, emptySchema, follow, type Schema } from './schema.ts';
import { byteOffsets, isTemplate, leading, readable } from './text.ts';
import { isTransactional, runsAlone } from './transaction.ts';
import { type Node, opened } from './tree.ts';

type Parse = (text: string) => { stmts?: { stmt?: unknown; stmt_location?: number; stmt_len?: number }[] };

/**
 * Loads PostgreSQL's parser (WebAssembly, about 30 ms) and gives what reads SQL files with it. A file is null where it
 * is not PostgreSQL's: the project speaks to another database (or did when it was written), something fills the text in
 * first, or it does not parse and is no migration. A migration of a PostgreSQL project that does not parse throws an Error with PostgreSQL's words.
 */
export async function openSql(): Promise<(project: Project, path: string, text: string) => SqlFile | null> {
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  return (project, path, text) => readSql(parseSync, project, path, text);
}

function readSql(parse: Parse, project: Project, path: string, text: string): SqlFile | null {
  const place = folderOfMigration(project, path);
  const code = path.endsWith('.sql') ? null : codeToolOf(project, text);
  const dialect = code?.isPostgres ? 'postgres' : dialectOf(project, path);
  if (dialect === 'other') return null;
  if (!path.endsWith('.sql'))
    return code && place && (dialect === 'postgres' || saysPostgres(project, place))
      ? inCode(parse, project, { path, text, place, tool: code.tool })
      : null;
  // Where nothing tells whose SQL it is, one foreign word in the folder does.
  if (dialect === 'maybe' && speaksOther(project, place?.folder ?? path, place?.paths ?? [path])) return null;
  const statements = statementsAt(parse, project, path, text);
  if (typeof statements === 'string') {
    if (place && dialect === 'postgres' && !isTemplate(text) && !isForeign(text)) throw new Error(statements);
    return null;
  }
  const migration: Migration | null = place && {
    tool: place.tool,
    folder: place.folder,
    order: place.order,
    recent: isRecent(place.order, place.paths.length),
    newest: place.order === place.paths.length - 1,
    transactional: isTransactional(project, place, text, statements.length),
    standalone: runsAlone(project, place.tool),
  };
  return { path, text, statements, migration, before: earlier(parse, project, place) };
}

type Place = NonNullable<ReturnType<typeof folderOfMigration>>;

function inCode(
  parse: Parse,
  project: Project,
  { path, text, place, tool }: { path: string; text: string; place: Place; tool: CodeTool },
): SqlFile | null {
  const statements = statementsAt(parse, project, path, text);
  if (typeof statements === 'string' || statements.length === 0) return null;
  const { folder, order, paths } = place;
  const [recent, newest] = [isRecent(order, paths.length), order === paths.length - 1];
  const transactional = isCodeTransactional(project, tool, text);
  const migration: Migration = { tool, folder, order, recent, newest, transactional, standalone: false };
  return { path, text, statements, migration, before: earlier(parse, project, place) };
}

/** What gives the schema that the migrations before one have made. */
const earlier =
  (parse: Parse, project: Project, place: Place | null): (() => Schema) =>
  () =>
    schemaAfter(parse, project, place?.folder ?? '', place ? place.paths.slice(0, place.order) : []);

const native = new WeakMap<Project, Map<string, boolean>>();

/** Whether the migrations of a folder say themselves that they are PostgreSQL's, where nothing else does. */
function saysPostgres(project: Project, { folder, paths }: Place): boolean {
  const folders = native.get(project) ?? new Map<string, boolean>();
  native.set(project, folders);
  const texts = (): string[] => paths.map((path) => project.tree.read(path) ?? '');
  const found = folders.get(folder) ?? texts().some((text) => speaksPostgres(project, text));
  folders.set(folder, found);
  return found;
}

const foreign = new WeakMap<Project, Map<string, boolean>>();

function speaksOther(project: Project, folder: string, paths: readonly string[]): boolean {
  const folders = foreign.get(project) ?? new Map<string, boolean>();
  foreign.set(project, folders);
  const found = folders.get(folder) ?? paths.some((path) => isForeign(project.tree.read(path) ?? ''));
  folders.set(folder, found);
  return found;
}

const known = new WeakMap<Project, Map<string, readonly Statement[] | string>>();

/** A file's statements, parsed once; what the parser says where it cannot. */
function statementsAt(parse: Parse, project: Project, path: string, text: string): readonly Statement[] | string {
  const files = known.get(project) ?? new Map<string, readonly Statement[] | string>();
  known.set(project, files);
  const before = files.get(path);
  if (before !== undefined) return before;
  let found: readonly Statement[] | string;
  try {
    found = path.endsWith('.sql')
      ? statementsOf(parse, text)
      : statementsInCode(project, path, text, (sql) => statementsOf(parse, sql));
  } catch (error) {
    found = error instanceof Error ? error.message : String(error);
  }
  files.set(path, found);
  return found;
}

function statementsOf(parse: Parse, text: string): Statement[] {
  const { stmts = [] } = parse(readable(text));
  const unit = byteOffsets(readable(text));
  let ended = 0;
  return stmts.flatMap(({ stmt, stmt_location = 0, stmt_len }): Statement[] => {
    const part = opened(stmt);
    if (part === null) return [];
    const from = unit(stmt_location);
    const to = stmt_len === undefined ? text.length : unit(stmt_location + stmt_len);
    const raw = text.slice(from, to);
    const start = from + leading(raw);
    const own = text.slice(start, to).trimEnd();
    const lead = text.slice(ended, start);
    ended = start + own.length;
    const node: Node = part.node;
    return [{ kind: part.kind, node, text: own, start, end: ended, lead, changes: changesOf(part.kind, node) }];
  });
}

interface Cursor {
  after: number;
  schema: Schema;
}

const cursors = new WeakMap<Project, Map<string, Cursor>>();

/** The schema after a folder's first files. Files are mostly read in their order: what is known is led on from there. */
function schemaAfter(parse: Parse, project: Project, folder: string, paths: readonly string[]): Schema {
  const folders = cursors.get(project) ?? new Map<string, Cursor>();
  cursors.set(project, folders);
  const before = folders.get(folder);
  const cursor = before && before.after <= paths.length ? before : { after: 0, schema: emptySchema() };
  for (const path of paths.slice(cursor.after)) {
    const text = project.tree.read(path);
    const statements = text === null ? [] : statementsAt(parse, project, path, text);
    cursor.after++;
    if (typeof statements === 'string') continue;
    for (const { changes } of statements) for (const change of changes) follow(cursor.schema, change, path);
  }
  folders.set(folder, cursor);
  return copyOf(cursor.schema);
}
