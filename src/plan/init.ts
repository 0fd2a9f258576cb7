import type { Host, ManualStep, Op, Plan } from '../model.ts';
import { add } from '../patch/index.ts';
import { settingsPath } from '../settings/read.ts';
import { eolNear } from '../text/lines.ts';
import { indentUnit } from '../text/style.ts';
import { githubPath, githubWorkflow } from './ci/github.ts';
import { gitlabInclude, gitlabJobs, gitlabPath, gitlabPipeline } from './ci/gitlab.ts';
import { ciProject } from './ci/project.ts';
import { type Draft, draftOf } from './draft.ts';
import { taskName, taskOps, taskRunnerOf } from './tasks.ts';

/** What `init` is to write. */
export interface InitRequest {
  ci: 'github' | 'gitlab' | null;
  /** Also the task of Turborepo or Nx. */
  tasks: boolean;
  /** The folder that new modules are to go to; null for where the project's layout puts them. */
  folder: string | null;
  /** Our own version. */
  version: string;
  /** The project, from the repository's root. */
  below: string;
  /** The packages that have modules, from the workspace's root. */
  packages: readonly string[];
}

/** The settings, the workflow and the task as a plan. What is there already stays as it is, and is named. Pure. */
export function planInit(host: Host, request: InitRequest): Plan {
  const draft = draftOf(host.tree);
  const plan = {
    notes: [] as string[],
    conflicts: [] as { path: string; message: string }[],
    steps: [] as ManualStep[],
  };
  if (host.tree.has(settingsPath)) plan.notes.push(`${settingsPath} is here already, and stays as it is.`);
  else draft.write(settingsPath, settingsFor(host, request));
  if (request.ci !== null) writeCi(draft, host, request, plan);
  writeTasks(draft, host, request, plan);
  return {
    verb: 'init',
    skill: 'settings',
    changes: plan.conflicts.length > 0 ? [] : draft.changes(),
    entry: null,
    commands: [],
    steps: plan.steps,
    obstacles: [],
    endpoints: [],
    notes: plan.notes,
    conflicts: plan.conflicts,
    open: [],
    next: nextFor(host, request),
  };
}

interface Outcome {
  notes: string[];
  conflicts: { path: string; message: string }[];
  steps: ManualStep[];
}

function settingsFor(host: Host, { folder }: InitRequest): string {
  const manifest = host.tree.read('package.json') ?? '';
  const above = '../'.repeat(host.surroundings.workspace?.folder.split('/').length ?? 0);
  const settings = {
    $schema: `${above || './'}node_modules/backend-skills/dist/schemas/settings.schema.json`,
    ...(folder === null ? {} : { folder }),
    defaults: {},
    check: { failOn: 'error', ignore: [] },
    doctor: { failOn: 'error', exclude: [], ignore: [] },
  };
  return `${JSON.stringify(settings, null, indentUnit(manifest))}\n`.replaceAll('\n', eolNear(manifest, 0));
}

function writeCi(draft: Draft, host: Host, request: InitRequest, outcome: Outcome): void {
  const project = ciProject(host, request.below, request.version);
  const [path, text] =
    request.ci === 'github' ? [githubPath, githubWorkflow(project)] : [gitlabPath, gitlabJobs(project)];
  if (request.below === '') writeNew(draft, path, text, outcome);
  else outcome.steps.push(byHand(path, text.trimEnd().split('\n')));
  if (request.ci !== 'gitlab') return;
  const pipeline = request.below === '' ? draft.read(gitlabPipeline) : '';
  if (pipeline === null) draft.write(gitlabPipeline, `${gitlabInclude.join('\n')}\n`);
  else if (!pipeline.includes(gitlabPath)) outcome.steps.push(byHand(gitlabPipeline, gitlabInclude));
}

function writeNew(draft: Draft, path: string, text: string, { notes, conflicts }: Outcome): void {
  const before = draft.read(path);
  if (before === null) draft.write(path, text);
  else if (before === text) notes.push(`${path} is here already, and says the same.`);
  else conflicts.push({ path, message: 'is here already, and says something else.' });
}

/** Nothing is written outside of the project: what belongs elsewhere is for a person to put there. */
const byHand = (path: string, lines: readonly string[]): ManualStep => ({
  title: `Add to ${path} at the root of the repository`,
  file: null,
  place: 'these lines',
  lines,
  done: { file: path, text: lines.join('\n') },
});

function writeTasks(draft: Draft, host: Host, { tasks, packages, version }: InitRequest, outcome: Outcome): void {
  const runner = taskRunnerOf(host);
  if (runner === null) {
    if (tasks) outcome.notes.push('There is no turbo.json and no nx.json here: no task was added.');
    return;
  }
  if (!tasks) {
    outcome.notes.push(`${runner} is here: --tasks adds the task ${taskName} to it, and to the packages with modules.`);
    return;
  }
  for (const op of taskOps(host, runner, packages, version)) writeOp(draft, op, outcome);
}

function writeOp(draft: Draft, op: Op, { notes, conflicts }: Outcome): void {
  const text = draft.read(op.file);
  if (text === null) return;
  const patched = add(text, op);
  if (!('refused' in patched)) draft.write(op.file, patched.text);
  else if (text.includes(`"${taskName}"`)) notes.push(`${op.file} has a ${taskName} of its own, which stays as it is.`);
  else conflicts.push({ path: op.file, message: `cannot take ${taskName}: ${patched.refused}` });
}

const nextFor = (host: Host, { ci }: InitRequest): string[] => [
  ...(host.tree.read('package.json')?.includes('"backend-skills"') === true
    ? []
    : [
        'Add backend-skills to the devDependencies: editors then check the settings, and your lockfile decides its version.',
      ]),
  ...(ci === null ? ['Have it run in CI: backend-skills init --ci github'] : []),
];
