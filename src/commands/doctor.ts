import { join, relative, resolve } from 'node:path';
import { detect } from '../detect/index.ts';
import { audit } from '../doctor/audit.ts';
import { baselinePath, newBaseline, readBaseline } from '../doctor/baseline.ts';
import type { Found } from '../doctor/examine.ts';
import { ownRules } from '../doctor/own-rules.ts';
import { type GitFacts, projectOf } from '../doctor/project.ts';
import { described } from '../doctor/rule.ts';
import { rules } from '../doctor/rules/index.ts';
import { openSql } from '../doctor/sql/read.ts';
import { changedSince, gitFacts } from '../edge/git-facts.ts';
import { writeReport } from '../edge/output.ts';
import { type ProjectPart, partsOf } from '../edge/parts.ts';
import { belowRepository } from '../edge/repository.ts';
import { UserError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { check } from '../plan/check.ts';
import { checkRules } from '../plan/check-rules.ts';
import type { Report } from '../report/report.ts';
import { isAmong, letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
import type { Context, ExitCode } from './context.ts';
import { publish, toolOf } from './publish.ts';
import { type ReportFlags, reportFlags, reportingWith } from './report-flags.ts';
import { openSession } from './session.ts';

export interface DoctorOptions extends ReportFlags {
  /** Rules or areas; none: all. */
  only: readonly string[];
  skip: readonly string[];
  /** A commit: only files that differ from where the history parted from it. */
  changedSince: string | null;
  /** Whether the baseline counts. */
  baseline: boolean;
  /** Writes what is found now as the baseline. */
  updateBaseline: boolean;
  /** Ends with 0 whatever is found; a run that is incomplete still ends with 3. */
  exitZero: boolean;
  /** 'file:line' to explain instead. */
  why: string | null;
  /** Lists the rules instead. */
  rules: boolean;
  /** Mends what can be mended safely instead; with `dryRun` shows it only. */
  fix: boolean;
  dryRun: boolean;
  /** Mends files that are not committed, too. */
  force: boolean;
  /** The file that the report goes to as a page; null for none. */
  html: string | null;
}

/** The parsed options as doctor wants them. */
export function doctorOptions(options: Readonly<Record<string, unknown>>): DoctorOptions {
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    ...reportFlags(options),
    only: list(options.only),
    skip: list(options.skip),
    changedSince: word(options.changedSince),
    baseline: options.baseline !== false,
    updateBaseline: options.updateBaseline === true,
    exitZero: options.exitZero === true,
    why: word(options.why),
    rules: options.rules === true,
    fix: options.fix === true,
    dryRun: options.dryRun === true,
    force: options.force === true,
    html: word(options.html),
  };
}

/** Doctor in one of its ways: the audit, one line explained, or the rules. */
export async function runDoctor(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  if (options.rules) return (await import('./doctor-rules.ts')).listRules(context);
  if (options.why !== null) return (await import('./doctor-why.ts')).why(options.why, context);
  if (options.fix) return (await import('./doctor-fix.ts')).fix(paths, options, context);
  return doctor(paths, options, context);
}

/** Audits the project, or the packages of the workspace: 1 for findings, 3 where something could not be looked at. */
async function doctor(paths: readonly string[], options: DoctorOptions, context: Context): Promise<ExitCode> {
  const audited = await auditAll(options, context);
  if (options.updateBaseline) return updateBaselines(audited, context);
  const { root, tree, surroundings } = audited.session;
  const reporting = reportingWith(options, readSettings(tree, surroundings).doctor);
  const { keep, failures } = await wanted(root, paths, options, context);
  const findings = audited.parts.flatMap(({ findings }) => findings).filter(keep);
  const report: Report = {
    tool: toolOf('doctor', [...rules.map(described), ...ownRules, ...checkRules]),
    findings,
    failures: [...failures, ...audited.parts.flatMap((part) => part.failures)],
    failOn: reporting.failOn,
    base: belowRepository(root),
    clean: looked(audited.parts),
    sources: ({ path }) => (path === null ? null : tree.read(path)),
  };
  if (options.html !== null) await writePage(options.html, report, audited, context);
  const code = publish(report, reporting, context);
  return options.exitZero && code === 1 ? 0 : code;
}

/** Writes the report as a page, and says where. */
async function writePage(
  file: string,
  report: Report,
  { session, parts }: Awaited<ReturnType<typeof auditAll>>,
  { cwd, terminal }: Context,
): Promise<void> {
  const { page } = await import('../report/html/page.ts');
  const { name } = detect(session.tree, session.surroundings);
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  writeReport(resolve(cwd, file), page(report, { name, lines }));
  terminal.remark(terminal.paint.dim(`The report as a page: ${file}`));
}

/** What was looked at, in words. */
function looked(parts: readonly AuditedPart[]): string {
  const sum = (of: (part: AuditedPart) => number): string =>
    parts.reduce((total, part) => total + of(part), 0).toLocaleString('en');
  const packages = parts.length > 1 ? ` of ${parts.length} packages` : '';
  const files = sum((part) => part.files);
  return `Looked at ${files} source ${files === '1' ? 'file' : 'files'}${packages} (${sum(({ lines }) => lines)} lines) with ${rules.length} rules.`;
}

export interface AuditedPart extends Pick<ProjectPart, 'folder' | 'tree' | 'surroundings'> {
  /** Paths from the folder that doctor runs in. */
  findings: readonly Found[];
  failures: readonly string[];
  files: number;
  lines: number;
  /** The same findings, with paths from the part's own folder. */
  own: readonly Found[];
}

/** Every part of the project, audited one after the other. */
export async function auditAll(
  { only, skip, strict, baseline }: Pick<DoctorOptions, 'only' | 'skip' | 'strict' | 'baseline'>,
  context: Context,
): Promise<{ session: ReturnType<typeof openSession>; parts: AuditedPart[] }> {
  const session = openSession(context);
  const [git, readSql] = [await gitFacts(session.root), await openSql()];
  const newest = Object.fromEntries(context.catalogue.manifests().map(({ id, version }) => [id, version]));
  const parts: AuditedPart[] = [];
  for (const { folder, name, tree, surroundings, without } of partsOf(session)) {
    const settings = readSettings(tree, surroundings).doctor;
    const profile = detect(tree, surroundings);
    const whole = projectOf({ tree, profile }, git && below(git, folder));
    const isOurs = (path: string): boolean =>
      !without.some((other) => path.startsWith(`${other}/`)) && !isAmong(path, settings.exclude);
    const project = { ...whole, files: whole.files.filter(isOurs) };
    const examined = audit(project, {
      rules,
      readSql,
      only,
      skip,
      strict: strict ?? settings.strict,
      baseline: baseline ? readBaseline(tree.read(baselinePath)) : readBaseline(null),
      today: context.now().toISOString().slice(0, 10),
    });
    const drift = only.length > 0 ? [] : await check({ tree, surroundings }, [], newest);
    const own = letBe([...examined.findings, ...drift.map(plain)], settings.ignore) as Found[];
    const findings = own.map(
      (finding): Found => ({
        ...finding,
        path: finding.path === null ? null : joinPath(folder, finding.path),
        ...(folder === '' ? {} : { package: name }),
      }),
    );
    const failures = examined.failures.map((failure) => (folder === '' ? failure : `${name}: ${failure}`));
    parts.push({ folder, tree, surroundings, findings, failures, files: examined.files, lines: examined.lines, own });
  }
  return { session, parts };
}

const plain = (finding: Finding): Found => ({ ...finding, edits: [], offset: null });

function below({ tracked, untracked }: GitFacts, folder: string): GitFacts {
  if (folder === '') return { tracked, untracked };
  const cut = (paths: ReadonlySet<string>): Set<string> =>
    new Set([...paths].flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])));
  return { tracked: cut(tracked), untracked: cut(untracked) };
}

/** Which findings the run is about: those of the named files and folders, and of what changed since a commit. */
export async function wanted(
  root: string,
  paths: readonly string[],
  { changedSince: ref }: Pick<DoctorOptions, 'changedSince'>,
  { cwd }: Context,
): Promise<{ keep: (finding: Finding) => boolean; failures: string[] }> {
  const named = paths.map((path) => fromRoot(root, cwd, path));
  const isNamed = ({ path }: Finding): boolean =>
    named.length === 0 ||
    (path !== null && named.some((one) => one === '' || path === one || path.startsWith(`${one}/`)));
  if (ref === null) return { keep: isNamed, failures: [] };
  const changed = await changedSince(root, ref);
  if ('unknown' in changed) return { keep: isNamed, failures: [changed.unknown] };
  return {
    keep: (finding) => isNamed(finding) && finding.path !== null && changed.paths.has(finding.path),
    failures: [],
  };
}

function fromRoot(root: string, cwd: string, path: string): string {
  const found = relative(root, resolve(cwd, path)).replaceAll('\\', '/');
  if (found === '..' || found.startsWith('../'))
    throw new UserError(`${path} is not in this project.`, `Name files and folders below ${root}.`);
  return found;
}

function updateBaselines({ session, parts }: Awaited<ReturnType<typeof auditAll>>, { terminal }: Context): ExitCode {
  const failures = parts.flatMap((part) => part.failures);
  if (failures.length > 0) {
    for (const failure of failures) terminal.complain(failure);
    throw new UserError(
      'The baseline was not written: the project could not be looked at as a whole.',
      'Settle this first.',
    );
  }
  for (const { folder, own } of parts) {
    const path = joinPath(folder, baselinePath);
    writeReport(join(session.root, path), newBaseline(own, readBaseline(session.tree.read(path))).trimEnd());
    terminal.say(`${terminal.paint.green(terminal.paint.mark.done)} ${path} holds ${own.length} findings.`);
  }
  return 0;
}
