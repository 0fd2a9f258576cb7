import semver from 'semver';
import { faultInKept, keptFolder, keptHint } from '../lock/kept.ts';
import { folder, lockPath, readLock } from '../lock/lock.ts';
import type { Finding, Host, Lock, LockEntry, Op } from '../model.ts';
import { isHashOf } from '../text/hash.ts';
import { hasConflictMarkers } from '../text/merge.ts';
import { agrees, dependenciesIn, installedVersion } from './dependencies.ts';
import { isDone } from './steps.ts';

/** What check must know of the catalogue: the newest version of each skill. */
export type Newest = Readonly<Record<string, string>>;

type Project = Pick<Host, 'tree' | 'surroundings'>;
type Row = Pick<Finding, 'rule' | 'severity' | 'path' | 'message' | 'fix'>;

/**
 * Drift between the lock and the project, for some skills (all where `ids` is empty). Reads hashes first and parses
 * only host files that changed since we wrote them; the parser is loaded only then.
 */
export async function check(project: Project, ids: readonly string[], newest: Newest): Promise<Finding[]> {
  const { lock, fault } = readLock(project.tree);
  const findings: Row[] = [];
  if (fault !== null) {
    const fix =
      fault.kind === 'newer' ? 'Use that version of backend-skills.' : `Restore ${lockPath} from version control.`;
    findings.push({
      rule: `lock-${fault.kind}`,
      severity: 'error',
      path: lockPath,
      message: `The lock: ${fault.message}`,
      fix,
    });
  }
  if (project.tree.list(`${folder}/journal`).length > 0) {
    const fix =
      'Run any command that writes (add, update, remove or undo): it finishes or undoes it first, and says which.';
    const message = 'A run was interrupted here, or is still at work: what it wrote is neither done nor taken back.';
    findings.push({ rule: 'interrupted-run', severity: 'error', path: folder, message, fix });
  }
  for (const [id, entry] of Object.entries(lock.skills)) {
    if (ids.length > 0 && !ids.includes(id)) continue;
    findings.push(...checkFiles(project, id, entry), ...(await checkOps(project, id, entry, lock)));
    findings.push(
      ...checkSteps(project, id, entry),
      ...checkVersion(id, entry, newest),
      ...checkCopy(project, id, entry),
    );
  }
  return findings.map((row) => ({ ...row, confidence: 'certain', line: null }));
}

function checkFiles({ tree }: Project, id: string, entry: LockEntry): Row[] {
  return entry.files.flatMap(({ path, kind, hash }): Row[] => {
    const text = tree.read(path);
    if (text === null) {
      const fix = `Restore it from version control, or take the module out: backend-skills remove ${id}.`;
      return [{ rule: 'file-missing', severity: 'error', path, message: `${id}: the file is gone.`, fix }];
    }
    if (hasConflictMarkers(text)) {
      const fix = 'Settle the conflict and delete the markers.';
      return [
        { rule: 'conflict-markers', severity: 'error', path, message: `${id}: a merge was left unfinished here.`, fix },
      ];
    }
    if (kind === 'owned' || isHashOf(hash, text)) return [];
    const fix = 'Nothing to do if this is meant; your edit is kept on update.';
    return [{ rule: 'file-edited', severity: 'info', path, message: `${id}: edited since it was written.`, fix }];
  });
}

async function checkOps(project: Project, id: string, entry: LockEntry, lock: Lock): Promise<Row[]> {
  const changed = entry.ops.filter(({ op }) => {
    const text = project.tree.read(op.file);
    return text === null || !isHashOf(lock.patched[op.file] ?? '', text);
  });
  const rows = checkInstalled(project, id, entry);
  if (changed.length === 0) return rows;
  const { has } = await import('../patch/index.ts');
  const { wordsOf } = await import('./ops.ts');
  for (const { op } of changed) {
    const text = project.tree.read(op.file);
    if (text === null || !has(text, op)) rows.push(gone(id, op, wordsOf(op), text));
    else if (op.op === 'statement') rows.push(...(await import('./order.ts')).checkOrder(project, id, op));
  }
  return rows.filter((row) => row !== null);
}

function gone(id: string, op: Op, words: string, text: string | null): Row {
  const at = { path: op.file, severity: 'error' as const };
  const again = `Put it back, or run: backend-skills add ${id}`;
  const dependency = dependenciesIn([op]).entries().next().value;
  if (dependency !== undefined) return dependencyGone(id, dependency[0], dependency[1], op, text);
  if (op.op === 'line') {
    const name = op.text.split('=')[0];
    return {
      ...at,
      rule: 'variable-undocumented',
      message: `${id} reads ${name}, which ${op.file} no longer lists.`,
      fix: `Add "${op.text}" to ${op.file}.`,
    };
  }
  return { ...at, rule: 'unwired', message: `${id}: \`${words}\` is gone.`, fix: again };
}

/** A range that was changed by hand is fine while it still meets ours. */
function dependencyGone(id: string, name: string, range: string, op: Op, text: string | null): Row {
  const at = {
    path: op.file,
    severity: 'error' as const,
    fix: `Declare "${name}": "${range}" in ${op.file} and install.`,
  };
  const declared = declaredRange(text, name);
  if (declared === null)
    return {
      ...at,
      rule: 'dependency-missing',
      message: `${id} imports ${name}, which package.json does not declare.`,
    };
  if (agrees(declared, range)) {
    return {
      ...at,
      severity: 'info',
      rule: 'dependency-changed',
      message: `${id}: ${name} is declared as ${declared}, and was added as ${range}.`,
    };
  }
  return {
    ...at,
    rule: 'dependency-out-of-range',
    message: `${id} needs ${name} ${range}; package.json declares ${declared}.`,
  };
}

function declaredRange(text: string | null, name: string): string | null {
  try {
    const manifest = JSON.parse(text ?? '{}') as Record<string, Record<string, string> | undefined>;
    return manifest.dependencies?.[name] ?? manifest.devDependencies?.[name] ?? null;
  } catch {
    return null;
  }
}

/** Declared is one thing, installed another; where nothing is installed yet, that is not drift. */
function checkInstalled(project: Project, id: string, entry: LockEntry): Row[] {
  return [...dependenciesIn(entry.ops.map(({ op }) => op))].flatMap(([name, range]): Row[] => {
    const installed = installedVersion(project, name);
    if (installed === null || semver.validRange(range) === null || semver.satisfies(installed, range)) return [];
    const message = `${id} needs ${name} ${range}; ${installed} is installed.`;
    return [
      {
        rule: 'dependency-out-of-range',
        severity: 'error',
        path: 'package.json',
        message,
        fix: 'Install the declared version.',
      },
    ];
  });
}

const checkSteps = ({ tree }: Project, id: string, entry: LockEntry): Row[] =>
  entry.steps
    .filter((step) => !isDone(step, tree, entry))
    .map(({ title, file, place, lines }) => ({
      rule: 'step-open',
      severity: 'error',
      path: file,
      message: `${id}: ${title} is still to be done by hand (${place}).`,
      fix: lines.join('\n'),
    }));

/** Of a skill that is not ours, a copy lies in the project: later commands work from it, so it must be what was agreed to. */
function checkCopy({ tree }: Project, id: string, { source }: LockEntry): Row[] {
  const fault = source === undefined ? null : faultInKept(tree, id, source);
  if (fault === null) return [];
  return [{ rule: 'skill-changed', severity: 'error', path: keptFolder(id), message: fault, fix: keptHint(id) }];
}

function checkVersion(id: string, { version }: LockEntry, newest: Newest): Row[] {
  const latest = newest[id];
  if (latest === undefined || !semver.valid(version) || !semver.lt(version, latest)) return [];
  const message = `${id} ${version} is installed; ${latest} exists.`;
  return [
    { rule: 'module-outdated', severity: 'warning', path: folder, message, fix: `Run: backend-skills update ${id}` },
  ];
}
