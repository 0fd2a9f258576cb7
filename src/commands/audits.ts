import { relative, resolve } from 'node:path';
import type { Examined, Found, Looked, ReadSql } from '../doctor/examine.ts';
import type { GitFacts } from '../doctor/project.ts';
import { share, threadsFor } from '../doctor/shares.ts';
import { openSql } from '../doctor/sql/read.ts';
import { type Files, realFiles } from '../edge/files.ts';
import { changedSince, gitFacts } from '../edge/git-facts.ts';
import { findPlace, type Place, type ProjectPart } from '../edge/parts.ts';
import { canStart, compileForOneRun, cores, inThread, keepMemorySmall } from '../edge/threads.ts';
import { UserError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { check } from '../plan/check.ts';
import { isAmong, letBe } from '../settings/ignore.ts';
import { readSettings } from '../settings/read.ts';
import { joinPath } from '../text/path.ts';
import {
  type Auditing,
  type AuditOrder,
  join,
  type OpenPlace,
  openPlace,
  type Seen,
  see,
  type ThreadOrder,
} from './audit-parts.ts';
import type { Context } from './context.ts';
import { reading } from './session.ts';

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

/** Every part of the project, by as many threads as it is worth. One that cannot be told of is a failure, and the others go on. */
export async function auditAll(
  auditing: Auditing,
  context: Context,
): Promise<{ session: Place; parts: AuditedPart[] }> {
  const { files } = context.disk;
  const { root } = reading(context.cwd, () => findPlace(context.cwd, context.packageName, files));
  const order = await orderFor(auditing, root, context);
  const opened = openPlace(order, files);
  const readSql = await openSql();
  const seen = await seeAll(order, opened, readSql, files);
  const newest = Object.fromEntries(context.catalogue.manifests().map(({ id, version }) => [id, version]));
  const parts: AuditedPart[] = [];
  for (const [at, part] of opened.parts.entries()) {
    const own = seen.filter((one) => one.part === at).sort((a, b) => a.slice - b.slice);
    const denied = own.flatMap((one) => one.denied);
    const failure = own.flatMap(({ outcome }) => ('failure' in outcome ? [outcome.failure] : []))[0];
    const examined = failure === undefined ? examinedOf(own, () => join(order, part, lookedIn(own), readSql)) : null;
    parts.push(
      examined === null
        ? unopened(part, failure ?? 'It could not be looked at.')
        : await audited(part, examined, denied, { order, newest }),
    );
  }
  return { session: opened.place, parts };
}

async function orderFor(auditing: Auditing, root: string, { cwd, packageName, now }: Context): Promise<AuditOrder> {
  const { changedSince: ref } = auditing;
  const git = await gitFacts(root);
  const since = ref === null ? null : await changedSince(root, ref);
  const changed = since && 'paths' in since ? since.paths : new Set<string>();
  return {
    ...auditing,
    cwd,
    packageName,
    git: git && { modified: new Set<string>(), ...git, changed },
    today: now().toISOString().slice(0, 10),
  };
}

/** With fewer files than this most functions run once or twice. */
const worthCompiling = 300;

const threadFile = new URL('./audit-thread.js', import.meta.url);

/** Lets threads look at what is theirs while this one does its own share. Where one fails, this one does its work. */
async function seeAll(order: AuditOrder, opened: OpenPlace, readSql: ReadSql, files: Files): Promise<Seen[]> {
  const total = opened.files.reduce((sum, count) => sum + count, 0);
  const threads = files === realFiles && canStart(threadFile) ? threadsFor(total, cores()) : 1;
  keepMemorySmall();
  if (total > worthCompiling) compileForOneRun();
  const [own = [], ...others] = share(opened.files, threads);
  const started = others.map((shares, at) => {
    const given: ThreadOrder = { order, thread: at + 1, threads };
    return { shares, ...inThread(threadFile, given) };
  });
  try {
    const seen = see(order, opened, own, readSql);
    for (const { shares, posted } of started)
      seen.push(...(((await posted.catch(() => null)) as Seen[] | null) ?? see(order, opened, shares, readSql)));
    return seen;
  } finally {
    for (const { stop } of started) stop();
  }
}

const lookedIn = (seen: readonly Seen[]): Looked[] =>
  seen.flatMap(({ outcome }) => ('looked' in outcome ? [outcome.looked] : []));

function examinedOf([first]: readonly Seen[], whole: () => Examined): Examined {
  return first !== undefined && 'examined' in first.outcome ? first.outcome.examined : whole();
}

const unopened = (part: ProjectPart, failure: string): AuditedPart => ({
  ...part,
  findings: [],
  failures: [part.folder === '' ? failure : `${part.name}: ${failure}`],
  leftOut: [],
  files: 0,
  lines: 0,
  own: [],
});

/** A part's findings with those of `check`, as they are told of at the place. */
async function audited(
  part: ProjectPart,
  examined: Examined,
  denied: readonly [path: string, message: string][],
  { order: { only, git }, newest }: { order: AuditOrder; newest: Readonly<Record<string, string>> },
): Promise<AuditedPart> {
  const { folder, name, tree, surroundings } = part;
  const { ignore, exclude } = readSettings(tree, surroundings).doctor;
  const drift = only.length > 0 ? [] : await check({ tree, surroundings }, [], newest);
  const own = letBe([...examined.findings, ...drift.map(plain)], ignore) as Found[];
  const findings = own.map(
    (finding): Found => ({
      ...finding,
      path: finding.path === null ? null : placed(finding.path, part),
      edits: finding.edits.map((edit) => (edit.path === undefined ? edit : { ...edit, path: placed(edit.path, part) })),
      ...(folder === '' ? {} : { package: name }),
    }),
  );
  const unread = denied.flatMap(([path, message]) => (isMissed(path, git, exclude) ? [message] : []));
  const failures = [...examined.failures, ...unread].map((failure) =>
    folder === '' ? failure : `${name}: ${failure}`,
  );
  const leftOut = examined.leftOut.map((path) => joinPath(folder, path));
  const { files, lines } = examined;
  return { folder, tree, surroundings, findings, failures, leftOut, files, lines, own };
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
