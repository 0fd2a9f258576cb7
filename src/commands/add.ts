import { formatTexts } from '../edge/format.ts';
import { UserError } from '../errors.ts';
import { trustedLock } from '../lock/lock.ts';
import type { Choices, Desire, FrameworkId, Host, Lock, LockEntry, Plan, Skill } from '../model.ts';
import { planAdd, refuseConflicts } from '../plan/add.ts';
import { bareHost } from '../plan/bare.ts';
import { desire, siteOf } from '../plan/desire.ts';
import { treeAfter } from '../plan/draft.ts';
import { guarded, rangesOf } from '../plan/guard.ts';
import type { Policy } from '../plan/reconcile.ts';
import { hostFacts, moduleFolder } from '../plan/wanted.ts';
import { nextToText, planToText } from '../report/plan.ts';
import { frameworkNames, profileInShort } from '../report/profile.ts';
import { presetFor } from '../settings/preset.ts';
import { readSettings } from '../settings/read.ts';
import { type Answer, choicesOf, type Decision, decide } from '../skills/choose.ts';
import { isSafePath } from '../text/path.ts';
import { carryOut, confirmDirty } from './apply.ts';
import { askOpen } from './ask.ts';
import { refuseBroken } from './broken.ts';
import type { Context, ExitCode } from './context.ts';
import { report } from './document.ts';
import { repeatOf } from './repeat.ts';
import { hostOf, openForWriting, type Session } from './session.ts';
import { agree, refuseUntrusted, sayStrangers, strangersIn } from './trust.ts';

export interface AddOptions {
  /** Choices by flag, by name. */
  asked: Readonly<Record<string, Answer>>;
  dryRun: boolean;
  yes: boolean;
  force: boolean;
  /** Files that the same run has just written: they need no commit before this. */
  written?: readonly string[];
  /** What to do with lines that the user and the template both changed. */
  overlap: Policy['overlap'];
  /** Whether a list that is asked for takes the place of the recorded one, instead of adding to it. */
  replace: boolean;
  install: boolean;
  keep: boolean;
  verify: boolean;
  docs: boolean;
  dir: string | null;
  framework: FrameworkId | null;
  /** The sha256 that the content of a skill that is not ours must have. */
  trust: string | null;
}

export interface Planned {
  plan: Plan;
  decisions: Decision[];
}

/** Adds skills: detect, ask, plan, preview, apply, install, record. Throws UserError for what cannot be done. */
export async function add(names: readonly string[], options: AddOptions, context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const skills = [...new Map(names.map((name) => catalogue.skill(name)).map((skill) => [skill.id, skill])).values()];
  if (skills.length > 1 && options.dir !== null)
    throw new UserError('--dir names the folder of one module.', 'Add one skill at a time, or leave --dir out.');
  const session = openForWriting(context);
  const host = refuseHomeless(hostOf(session, options.framework));
  const strangers = strangersIn(skills, trustedLock(session.tree));
  refuseUntrusted(skills, strangers, options, context);
  if (!terminal.json) terminal.remark(profileInShort(host.profile, terminal.paint));
  const planned = await planSkills(skills, host, session, options, context);
  for (const { plan } of planned) refuseConflicts(plan);
  if (terminal.json && options.dryRun)
    return report('add', planned, { applied: false, verified: null, repeat: null }, context);

  const changed = planned.filter(({ plan }) => plan.changes.length > 0);
  sayStrangers(strangers, changed, context);
  for (const { plan, decisions } of changed) {
    terminal.say(`\n${planToText(plan, decisions, terminal.paint, terminal.verbose)}`);
  }
  if (changed.length === 0) {
    terminal.say(
      `${terminal.paint.green(terminal.paint.mark.done)} Nothing to do: ${names.join(', ')} is here already.`,
    );
    return report('add', planned, { applied: false, verified: null, repeat: null }, context);
  }
  if (options.dryRun) return 0;
  await confirmDirty(session, changed, options, context);
  if (terminal.interactive && !(await agree(strangers, context))) return 1;
  const verified = await carryOut('add', session, changed, options, context);
  const repeat = repeatOf(skills, planned, { ...options, where: context.where });
  terminal.say(`\n${terminal.paint.green(terminal.paint.mark.done)} Added ${names.join(', ')}.`);
  for (const { plan } of changed) if (plan.next.length > 0) terminal.say(nextToText(plan.next, terminal.paint));
  terminal.remark(terminal.paint.dim(`The same again, unasked: ${repeat}`));
  return report('add', planned, { applied: true, verified, repeat }, context);
}

/** Plans every skill in turn, each on the tree that the one before leaves. */
export async function planSkills(
  skills: readonly Skill[],
  start: Host,
  session: Session,
  options: AddOptions,
  context: Context,
): Promise<Planned[]> {
  const planned: Planned[] = [];
  let host = start;
  for (const skill of skills) {
    const one = await planOne(skill, host, trustedLock(host.tree), session, options, context);
    planned.push(one);
    host = { ...host, tree: treeAfter(host.tree, one.plan.changes) };
  }
  return planned;
}

async function planOne(
  skill: Skill,
  host: Host,
  lock: Lock,
  session: Session,
  options: AddOptions,
  context: Context,
): Promise<Planned> {
  const previous = lock.skills[skill.id] ?? null;
  const bare = bareHost(host, previous);
  const site = siteOf(bare);
  refuseFramework(skill, bare);
  refuseBroken(site, bare);
  const facts = hostFacts(bare, site);
  const asked = askedOf(skill, options.asked);
  const recorded = recordedFor(previous, asked, options.replace);
  const settings = readSettings(host.tree, host.surroundings);
  const preset = presetFor(skill, settings);
  const first = decide(skill, facts, asked, recorded, preset);
  const decisions = context.terminal.interactive
    ? await askOpen(
        skill,
        first,
        (answers) => decide(skill, facts, { ...asked, ...answers }, recorded, preset),
        context.terminal,
      )
    : first;
  const dir = folderFor(skill, bare, options.dir, settings.folder, previous?.choices);
  const docs = options.docs || previous?.choices.docs === true;
  const choices: Choices = { ...choicesOf(decisions), dir, docs };
  const stamp = previous?.stamp ?? stampOf(context.now());
  const wanted = guarded(skill, () =>
    desire(skill, bare, site, choices, { dir, stamp, docs }, { ...context.catalogue.ranges(), ...rangesOf(skill) }),
  );
  const formatted = await format(wanted, bare, lock.skills[skill.id]?.files ?? [], session, context);
  const plan = planAdd({
    skill,
    host,
    lock,
    choices,
    desire: formatted,
    stamp,
    policy: { force: options.force, overlap: options.overlap, goneStays: options.replace },
  });
  return { plan, decisions };
}

/** What the lock answers; not what is asked for anew, where that is to take its place. */
function recordedFor(
  previous: LockEntry | null,
  asked: Readonly<Record<string, Answer>>,
  replace: boolean,
): Choices | null {
  if (previous === null || !replace) return previous?.choices ?? null;
  return Object.fromEntries(Object.entries(previous.choices).filter(([name]) => asked[name] === undefined));
}

/** What was asked of this skill: a run may name several, each with choices of its own. */
const askedOf = ({ choices }: Skill, asked: Readonly<Record<string, Answer>>): Record<string, Answer> =>
  Object.fromEntries(Object.entries(asked).filter(([name]) => choices[name] !== undefined));

/** New files as the host's own formatter writes them; what is on disk already, as rendered before, stays as it is. */
async function format(
  wanted: Desire,
  host: Host,
  locked: readonly { path: string; rendered: string }[],
  { root }: Session,
  { terminal }: Context,
): Promise<Desire> {
  const formatter = host.profile.formatter.value;
  const fresh = wanted.files.filter(
    (file) => !locked.some(({ path, rendered }) => path === file.path && rendered === file.rendered),
  );
  if (formatter === null || fresh.length === 0) return wanted;
  const { texts, note } = await formatTexts(formatter, root, fresh);
  if (note !== null) terminal.remark(terminal.paint.dim(note));
  return { ...wanted, files: wanted.files.map((file) => ({ ...file, text: texts.get(file.path) ?? file.text })) };
}

function folderFor(
  skill: Skill,
  host: Host,
  asked: string | null,
  home: string | null,
  recorded: Choices | undefined,
): string {
  const before = recorded?.dir;
  if (typeof before === 'string') {
    if (asked === null || asked === before) return before;
    throw new UserError(`"${skill.id}" is already in ${before}.`, 'Remove it first to move it, or leave --dir out.');
  }
  const dir = (asked ?? (home === null ? moduleFolder(host, skill.folder) : `${home}/${skill.folder}`))
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
    .replace(/\/$/, '');
  if (isSafePath(dir)) return dir;
  throw new UserError(
    `--dir ${asked} is not a folder in this project.`,
    'Give a path relative to the project root, such as src/webhooks.',
  );
}

export function refuseHomeless(host: Host): Host {
  const { framework } = host.profile;
  if (framework.value === null) {
    throw new UserError(
      'No framework was found here that modules can be added to (Express, Fastify, Hono, NestJS or Next.js).',
      'Run this in the folder of the backend (or with --cwd or --package), or name it: --framework express.',
    );
  }
  const { confidence } = framework.evidence;
  const rivals = framework.rivals.filter(({ value, evidence }) => value !== null && evidence.confidence === confidence);
  if (confidence === 'certain' || rivals.length === 0) return host;
  const ids = [framework.value, ...rivals.map(({ value }) => value)].filter((value) => value !== null);
  throw new UserError(
    `This project has ${ids.map((id) => frameworkNames[id]).join(' and ')}, and nothing says which one the module belongs to.`,
    `Say which: --framework ${ids[0]}.`,
  );
}

function refuseFramework(skill: Skill, { profile }: Host): void {
  const id = profile.framework.value;
  if (id === null || skill.frameworks.includes(id)) return;
  const names = skill.frameworks.map((each) => frameworkNames[each]).join(', ');
  throw new UserError(`"${skill.id}" is not offered for ${frameworkNames[id]}.`, `It works with ${names}.`);
}

const stampOf = (date: Date): string => date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
