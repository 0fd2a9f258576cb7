import { keywordsOf, type MayMatch } from '../text/keywords.ts';
import type { Syntax } from '../text/syntax.ts';
import { linesOf } from '../text/written.ts';
import { isUnreached } from './code/live.ts';
import { everyOf, type Source, sourceAt } from './code/source.ts';
import { attempt, type Failures, failureWords, messageOf, record, together } from './failures.ts';
import { type Found, foundAt, inOrder } from './finding.ts';
import { isSource, kindOf, leftOutFor, type Project } from './project.ts';
import { mayMean, mentionsOf, type Noted, type Rule, type Spot, type Tell, type Visitor } from './rule.ts';
import type { SqlFile } from './sql/file.ts';
import { folderOfMigration } from './sql/folder.ts';

export type { Found } from './finding.ts';

export interface Examined {
  findings: readonly Found[];
  /** What could not be looked at, and why. */
  failures: readonly string[];
  /** Source files that nobody looked at, and why: 'src/data.ts (more than 1 MB)'. */
  leftOut: readonly string[];
  /** Source files that were there to be looked at, and their lines. */
  files: number;
  lines: number;
}

/** How SQL is read: PostgreSQL's parser is loaded by who calls, as that takes time. Throws an Error that says why it cannot. */
export type ReadSql = (project: Project, path: string, text: string) => SqlFile | null;

/** What rules found in some of a project's files, and noted for their look at the whole; plain data, that threads may hand over. */
export interface Looked {
  found: Found[];
  failures: string[];
  failed: Failures;
  leftOut: string[];
  /** By rule. */
  notes: Map<string, Noted<unknown>[]>;
  files: number;
  lines: number;
}

interface Run extends Looked {
  project: Project;
  mayMatch?: MayMatch;
}

/** Fewer files than this are looked at sooner than all that rules mention is put in a table. */
const worthKeywords = 200;

/**
 * Runs rules over a project: each file is parsed once, and only where a rule wants it; a rule that fails is named among
 * the failures and the others go on. The findings are in the order of paths, places and rules. Pure.
 */
export const examine = (project: Project, rules: readonly Rule[], readSql: ReadSql): Examined =>
  conclude(project, rules, [look(project, rules, readSql, project.files)]);

/** Looks at some files of a project, each by itself. Pure. */
export function look(project: Project, rules: readonly Rule[], readSql: ReadSql, paths: readonly string[]): Looked {
  const run = newRun(project, []);
  const active = rules.filter((rule) => isActive(run, rule));
  const [inFiles, inSql] = [active.filter(({ file }) => file), active.filter(({ sql }) => sql)];
  if (paths.length > worthKeywords) run.mayMatch = keywordsOf(inFiles.flatMap(mentionsOf));
  for (const path of paths) {
    const isSql = path.endsWith('.sql');
    if (!isSql && !/\.[cm]?[jt]sx?$/.test(path)) continue;
    const text = project.tree.read(path);
    if (text === null) {
      if (kindOf(path, '') === 'app' && project.tree.has(path)) run.leftOut.push(`${path} (no text in UTF-8)`);
    } else if (isSql) lookAtSql(run, inSql, path, text, readSql);
    else if (isSource(path, text)) {
      run.files++;
      run.lines += linesOf(text);
      lookAt(run, inFiles, path, text);
      if (inSql.length > 0 && folderOfMigration(project, path) !== null) lookAtSql(run, inSql, path, text, readSql);
    } else {
      const reason = leftOutFor(path, text);
      if (reason !== null) run.leftOut.push(`${path} (${reason})`);
    }
  }
  const { project: _, mayMatch: __, ...looked } = run;
  return looked;
}

/** Looks at the project as a whole, after all of its files (in their order) were looked at. Pure. */
export function conclude(project: Project, rules: readonly Rule[], looked: readonly Looked[]): Examined {
  const run = newRun(project, looked);
  for (const rule of rules) {
    if (!isActive(run, rule)) continue;
    attempt(run.failed, rule.id, null, () =>
      rule.project?.(project, teller(run, rule, null), run.notes.get(rule.id) ?? []),
    );
  }
  const running = new Set(rules.flatMap((rule) => (rule.running ? [rule.id] : [])));
  for (const found of run.found)
    if (
      running.has(found.rule) &&
      found.confidence !== 'hint' &&
      found.path !== null &&
      isUnreached(project, found.path)
    )
      found.confidence = 'hint';
  return {
    findings: run.found.sort(inOrder),
    failures: [...run.failures, ...failureWords(run.failed)],
    leftOut: run.leftOut,
    files: run.files,
    lines: run.lines,
  };
}

const isActive = (run: Run, rule: Rule): boolean =>
  attempt(run.failed, rule.id, null, () => rule.applies?.(run.project) ?? true) ?? false;

/** A run that goes on from what was looked at before. */
function newRun(project: Project, before: readonly Looked[]): Run {
  const run: Run = {
    project,
    found: before.flatMap(({ found }) => found),
    failures: before.flatMap(({ failures }) => failures),
    failed: together(before.map(({ failed }) => failed)),
    leftOut: before.flatMap(({ leftOut }) => leftOut),
    notes: new Map(),
    files: before.reduce((sum, { files }) => sum + files, 0),
    lines: before.reduce((sum, { lines }) => sum + lines, 0),
  };
  for (const { notes } of before)
    for (const [id, more] of notes) run.notes.set(id, [...(run.notes.get(id) ?? []), ...more]);
  return run;
}

function lookAt(run: Run, rules: readonly Rule[], path: string, text: string): void {
  const found = run.project.isForTests ? 'test' : kindOf(path, text);
  const kind = found === 'app' && run.project.isBrowserOnly ? 'client' : found;
  const wanted = rules.filter((rule) => (rule.where === 'all' || kind === 'app') && mayMean(rule, text, run.mayMatch));
  if (wanted.length === 0) return;
  const source = sourceAt(run.project, path);
  if (source === null) {
    if (kind === 'app' && !isPattern.test(path)) run.failures.push(`${path} could not be parsed.`);
    return;
  }
  visit(run, source, wanted);
}

/** Folders of what is filled in before it is code. */
const isPattern = /(^|\/)[\w-]*(templates?|stubs?|scaffold\w*|boilerplates?|skeletons?|generators?|schematics)\//i;

type Visit = (node: Syntax) => void;

/** What a rule does with a node; `asked` is shared by all that it does in a file. */
interface Row {
  asked: { rule: Rule; failed: boolean };
  see: Visit;
}

const nobody: readonly Row[] = [];

/** One walk for all rules: a table of what to do by node type. A rule that fails looks at nothing more of the file. */
function visit(run: Run, source: Source, rules: readonly Rule[]): void {
  const table = new Map<string, Row[]>();
  for (const rule of rules) {
    const note = noting(run, rule, source.path);
    const visitor: Visitor =
      attempt(run.failed, rule.id, source.path, () => rule.file?.(source, teller(run, rule, source), note)) ?? {};
    const asked = { rule, failed: false };
    for (const [type, see] of Object.entries(visitor)) {
      const row = { asked, see: see as Visit };
      const rows = table.get(type);
      if (rows) rows.push(row);
      else table.set(type, [row]);
    }
  }
  if (table.size === 0) return;
  everyOf(source.program, [...table.keys()] as Syntax['type'][], (node) => {
    const rows = table.get(node.type) ?? nobody;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      if (row === undefined || row.asked.failed) continue;
      // No function and no iterator of its own for each node: this runs millions of times.
      try {
        row.see(node);
      } catch (error) {
        record(run.failed, row.asked.rule.id, source.path, error);
        row.asked.failed = true;
      }
    }
  });
}

/** SQL in a file of its own, or what a migration in JavaScript runs: there the statements are what a rule's words must be in. */
function lookAtSql(run: Run, rules: readonly Rule[], path: string, text: string, readSql: ReadSql): void {
  const isPlain = path.endsWith('.sql');
  if (isPlain && !rules.some((rule) => mayMean(rule, text))) return;
  let file: SqlFile | null = null;
  try {
    file = readSql(run.project, path, text);
  } catch (error) {
    run.failures.push(`${path} could not be parsed as PostgreSQL: ${messageOf(error)}`);
  }
  if (file === null) return;
  const sql = file;
  const words = isPlain ? text : sql.statements.map((statement) => statement.text).join('\n');
  for (const rule of rules) {
    if (!mayMean(rule, words)) continue;
    attempt(run.failed, rule.id, path, () => rule.sql?.(sql, teller(run, rule, { path }), noting(run, rule, path)));
  }
}

function noting(run: Run, rule: Rule, path: string): (note: unknown) => void {
  const notes = run.notes.get(rule.id) ?? [];
  run.notes.set(rule.id, notes);
  return (note) => notes.push({ path, note });
}

function teller(run: Run, rule: Rule, file: { path: string } | null): Tell {
  return (at, words) => {
    const spot: Spot = 'type' in at ? { path: file?.path ?? '', start: at.start, end: at.end } : at;
    run.found.push(foundAt(run.project, rule, spot, words));
  };
}
