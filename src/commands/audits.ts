import { relative, resolve } from 'node:path';
import { detect } from '../detect/index.ts';
import { audit } from '../doctor/audit.ts';
import { baselinePath, readBaseline } from '../doctor/baseline.ts';
import type { Found } from '../doctor/examine.ts';
import { filesIn, type GitFacts, projectOf } from '../doctor/project.ts';
import { rules } from '../doctor/rules/index.ts';
import { openSql } from '../doctor/sql/read.ts';
import { changedSince, gitFacts } from '../edge/git-facts.ts';
import { findPlace, type Place, type ProjectPart, partsOf } from '../edge/parts.ts';
import { readable } from '../edge/tree.ts';
import { UserError } from '../errors.ts';
import type { Finding, Profile, Tree } from '../model.ts';
import { check } from '../plan/check.ts';
import { isAmong, letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
import type { Context } from './context.ts';
import { reading } from './session.ts';

/** What an audit is of and which rules it asks. */
export interface Auditing {
  /** Rules or areas; none: all. */
  only: readonly string[];
  skip: readonly string[];
  strict: boolean | null;
  /** Whether the baseline counts. */
  baseline: boolean;
  /** The commit whose changes the run is about; null for everything. */
  changedSince: string | null;
}

export interface AuditedPart extends Pick<ProjectPart, 'folder' | 'tree' | 'surroundings'> {
  /** Paths from the folder that doctor runs in. */
  findings: readonly Found[];
  failures: readonly string[];
  /** Source files that nobody looked at, and why. */
  leftOut: readonly string[];
  files: number;
  lines: number;
  /** The same findings, with paths from the part's own folder. */
  own: readonly Found[];
}

/** Every part of the project, audited one after the other. One that cannot be told of is a failure, and the others go on. */
export async function auditAll(
  { only, skip, strict, baseline, changedSince: ref }: Auditing,
  context: Context,
): Promise<{ session: Place; parts: AuditedPart[] }> {
  const place = reading(context.cwd, () => findPlace(context.cwd, context.packageName, context.disk.files));
  const [git, readSql] = [await gitFacts(place.root), await openSql()];
  const since = ref === null ? null : await changedSince(place.root, ref);
  const changed = since && 'paths' in since ? since.paths : new Set<string>();
  const facts = git && { modified: new Set<string>(), ...git, changed };
  const newest = Object.fromEntries(context.catalogue.manifests().map(({ id, version }) => [id, version]));
  const denied = new Map<string, string>();
  const lenient = (tree: Tree, folder: string): Tree =>
    readable(tree, (path, { message }) => denied.set(joinPath(folder, path), message));
  const session = { ...place, tree: lenient(place.tree, '') };
  const parts: AuditedPart[] = [];
  for (const part of partsOf(session, filesIn(session.tree, facts))) {
    const { folder, name, without, manifest } = part;
    const tree = folder === '' ? part.tree : lenient(part.tree, folder);
    const opened = openPart({ ...part, tree }, folder === '' && manifest === null);
    if ('failure' in opened) {
      parts.push({ ...part, tree, findings: [], failures: [opened.failure], leftOut: [], files: 0, lines: 0, own: [] });
      continue;
    }
    const { settings, profile } = opened;
    const { surroundings } = part;
    const whole = projectOf({ tree, profile }, facts && below(facts, folder, without));
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
        path: finding.path === null ? null : placed(finding.path, part),
        edits: finding.edits.map((edit) =>
          edit.path === undefined ? edit : { ...edit, path: placed(edit.path, part) },
        ),
        ...(folder === '' ? {} : { package: name }),
      }),
    );
    const unread = [...denied].flatMap(([path, message]) => (isMissed(path, git, settings.exclude) ? [message] : []));
    denied.clear();
    const failures = [...examined.failures, ...unread].map((failure) =>
      folder === '' ? failure : `${name}: ${failure}`,
    );
    const { files, lines } = examined;
    const leftOut = examined.leftOut.map((path) => joinPath(folder, path));
    parts.push({ folder, tree, surroundings, findings, failures, leftOut, files, lines, own });
  }
  return { session, parts };
}

/** A part's settings and facts; or why they cannot be told, where the run goes on without: that of the root ends it. */
function openPart(
  { tree, surroundings, folder, name }: ProjectPart,
  isRoot: boolean,
): { settings: ReturnType<typeof readSettings>['doctor']; profile: Profile } | { failure: string } {
  try {
    return { settings: readSettings(tree, surroundings).doctor, profile: detect(tree, surroundings) };
  } catch (error) {
    if (isRoot || !(error instanceof UserError)) throw error;
    return { failure: `${folder === '' ? '' : `${name}: `}${error.message}` };
  }
}

/** A path of a part as one from the place that was asked for. */
const placed = (path: string, { folder, manifest }: ProjectPart): string =>
  path === 'package.json' && manifest !== null ? manifest : joinPath(folder, path);

/** True for an unreadable file or folder that is the project's own, as far as git and the settings say. */
const isMissed = (path: string, git: GitFacts | null, exclude: readonly string[]): boolean =>
  !isAmong(path, exclude) &&
  (git === null ||
    git.untracked.has(path) ||
    [...git.tracked].some((own) => own === path || own.startsWith(`${path}/`)));

const plain = (finding: Finding): Found => ({ ...finding, edits: [], offset: null });

/** What git knows of a part: the paths below its folder, those of other parts left out. */
function below(
  { tracked, untracked, modified, changed }: Required<GitFacts>,
  folder: string,
  without: readonly string[],
): GitFacts {
  const start = folder === '' ? '' : `${folder}/`;
  const others = without.map((other) => `${start}${other}/`);
  const cut = (paths: ReadonlySet<string>): ReadonlySet<string> =>
    new Set(
      [...paths].flatMap((path) =>
        path.startsWith(start) && !others.some((other) => path.startsWith(other)) ? [path.slice(start.length)] : [],
      ),
    );
  return { tracked: cut(tracked), untracked: cut(untracked), modified: cut(modified), changed: cut(changed) };
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
