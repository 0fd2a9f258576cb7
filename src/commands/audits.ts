import { relative, resolve } from 'node:path';
import { detect } from '../detect/index.ts';
import { audit } from '../doctor/audit.ts';
import { baselinePath, readBaseline } from '../doctor/baseline.ts';
import type { Found } from '../doctor/examine.ts';
import { type GitFacts, projectOf } from '../doctor/project.ts';
import { rules } from '../doctor/rules/index.ts';
import { openSql } from '../doctor/sql/read.ts';
import { changedSince, gitFacts } from '../edge/git-facts.ts';
import { type ProjectPart, partsOf } from '../edge/parts.ts';
import { UserError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { check } from '../plan/check.ts';
import { isAmong, letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
import type { Context } from './context.ts';
import { openSession } from './session.ts';

/** What an audit is of and which rules it asks. */
export interface Auditing {
  /** Rules or areas; none: all. */
  only: readonly string[];
  skip: readonly string[];
  strict: boolean | null;
  /** Whether the baseline counts. */
  baseline: boolean;
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
  { only, skip, strict, baseline }: Auditing,
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
  { changedSince: ref }: { changedSince: string | null },
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
