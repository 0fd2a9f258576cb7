import { detect } from '../detect/index.ts';
import { isCode } from '../detect/paths.ts';
import { type AuditOptions, audit, lookAt } from '../doctor/audit.ts';
import { baselinePath, readBaseline } from '../doctor/baseline.ts';
import type { Examined, Looked, ReadSql } from '../doctor/examine.ts';
import { filesIn, type GitFacts, type Project, projectOf } from '../doctor/project.ts';
import { rules } from '../doctor/rules/index.ts';
import { type Share, sliceOf } from '../doctor/shares.ts';
import type { Files } from '../edge/files.ts';
import { findPlace, type Place, type ProjectPart, partsOf } from '../edge/parts.ts';
import { readable } from '../edge/tree.ts';
import { UserError } from '../errors.ts';
import type { Tree } from '../model.ts';
import { isAmong } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
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

/** An audit as every thread of it is told: plain data. */
export interface AuditOrder extends Auditing {
  cwd: string;
  packageName: string | null;
  git: Required<GitFacts> | null;
  /** YYYY-MM-DD. */
  today: string;
}

/** What one thread is told: the audit, and which of how many threads it is. */
export interface ThreadOrder {
  order: AuditOrder;
  thread: number;
  threads: number;
}

/** A place that is opened for an audit. */
export interface OpenPlace {
  place: Place;
  parts: readonly ProjectPart[];
  /** For each part, how many files of code it has. */
  files: readonly number[];
  /** What could not be read since it was asked last: paths from the place, with what the system says. */
  denied(): [path: string, message: string][];
}

/** What was seen of a part: as a whole, or of a slice of its files; or why it could not be. */
export interface Seen extends Share {
  outcome: { examined: Examined } | { looked: Looked } | { failure: string };
  denied: [path: string, message: string][];
}

/** Opens what an order is about. Throws UserError where there is nothing to look at. */
export function openPlace({ cwd, packageName, git }: AuditOrder, files: Files): OpenPlace {
  const found = reading(cwd, () => findPlace(cwd, packageName, files));
  let denied = new Map<string, string>();
  const lenient = (tree: Tree, folder: string): Tree =>
    readable(tree, (path, { message }) => denied.set(joinPath(folder, path), message));
  const place = { ...found, tree: lenient(found.tree, '') };
  const paths = filesIn(place.tree, git);
  const parts = partsOf(place, paths).map((part) =>
    part.folder === '' ? part : { ...part, tree: lenient(part.tree, part.folder) },
  );
  return {
    place,
    parts,
    files: parts.map((part) => paths.filter((path) => isCode(path) && isIn(part, path)).length),
    denied() {
      const told = [...denied];
      denied = new Map();
      return told;
    },
  };
}

const isIn = ({ folder, without }: ProjectPart, path: string): boolean => {
  const start = folder === '' ? '' : `${folder}/`;
  return path.startsWith(start) && !without.some((other) => path.startsWith(`${start}${other}/`));
};

/** Does a thread's shares of an audit. A part that cannot be opened is told of, and the others go on. */
export function see(order: AuditOrder, opened: OpenPlace, shares: readonly Share[], readSql: ReadSql): Seen[] {
  return shares.map((share) => ({ ...share, outcome: seen(order, opened, share, readSql), denied: opened.denied() }));
}

function seen(order: AuditOrder, { parts }: OpenPlace, share: Share, readSql: ReadSql): Seen['outcome'] {
  const part = parts[share.part];
  if (part === undefined) throw new Error(`There is no part ${share.part}.`);
  try {
    const project = projectIn(order, part);
    const options = optionsFor(order, part, readSql);
    if (share.slices === 1) return { examined: audit(project, options) };
    return { looked: lookAt(project, options, sliceOf(project.files, share)) };
  } catch (error) {
    if ((part.folder === '' && part.manifest === null) || !(error instanceof UserError)) throw error;
    return { failure: error.message };
  }
}

/** A part's findings, of what was seen in its slices. */
export const join = (order: AuditOrder, part: ProjectPart, looked: readonly Looked[], readSql: ReadSql): Examined =>
  audit(projectIn(order, part), optionsFor(order, part, readSql), looked);

const known = new WeakMap<ProjectPart, Project>();

function projectIn({ git }: AuditOrder, part: ProjectPart): Project {
  const before = known.get(part);
  if (before !== undefined) return before;
  const { tree, surroundings } = part;
  const { exclude } = readSettings(tree, surroundings).doctor;
  const whole = projectOf({ tree, profile: detect(tree, surroundings) }, git && below(git, part), part.around);
  const own = ({ without }: ProjectPart, path: string): boolean =>
    !without.some((other) => path.startsWith(`${other}/`)) && !isAmong(path, exclude);
  const project = { ...whole, files: whole.files.filter((path) => own(part, path)) };
  known.set(part, project);
  return project;
}

function optionsFor(order: AuditOrder, { tree, surroundings }: ProjectPart, readSql: ReadSql): AuditOptions {
  const { only, skip, strict, baseline, today } = order;
  return {
    rules,
    readSql,
    only,
    skip,
    strict: strict ?? readSettings(tree, surroundings).doctor.strict,
    baseline: readBaseline(baseline ? tree.read(baselinePath) : null),
    today,
  };
}

/** What git knows of a part: the paths below its folder, those of other parts left out. */
function below({ tracked, untracked, modified, changed }: Required<GitFacts>, part: ProjectPart): GitFacts {
  const length = part.folder === '' ? 0 : part.folder.length + 1;
  const cut = (paths: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...paths].flatMap((path) => (isIn(part, path) ? [path.slice(length)] : [])));
  return { tracked: cut(tracked), untracked: cut(untracked), modified: cut(modified), changed: cut(changed) };
}
