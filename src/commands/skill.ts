import { relative, resolve } from 'node:path';
import { openHosts, type TrialHost } from '../edge/hosts.ts';
import { writeNewFolder } from '../edge/new-folder.ts';
import { readFolder } from '../edge/sources/folder.ts';
import { UserError } from '../errors.ts';
import type { FrameworkId, Skill } from '../model.ts';
import { type Broken, choicesToTry, lawsBroken, trialHost } from '../plan/trial.ts';
import type { Document } from '../report/documents.ts';
import { toJson } from '../report/json.ts';
import { trialToText } from '../report/trial.ts';
import { faultsOf, foreignHash, loadForeign } from '../skills/foreign.ts';
import { skeletonOf } from '../skills/skeleton.ts';
import { parse } from '../text/syntax.ts';
import type { Context, ExitCode } from './context.ts';

const everywhere: readonly FrameworkId[] = ['express', 'fastify', 'hono', 'nest', 'next'];

/** `skill new`: a small skill that works, in a folder of its own. Throws a UserError where one is there already. */
export async function newSkill(
  name: string,
  { framework }: { framework: readonly FrameworkId[] },
  { cwd, terminal, catalogue }: Context,
): Promise<ExitCode> {
  const folder = resolve(cwd, name);
  const id = name.replaceAll('\\', '/').replace(/\/$/, '').split('/').at(-1) ?? '';
  refuseName(
    id,
    catalogue.manifests().flatMap((manifest) => [manifest.id, ...manifest.aliases]),
  );
  const texts = skeletonOf({ id, frameworks: framework.length > 0 ? framework : everywhere });
  const paths = [...texts.keys()].sort();
  writeNewFolder(folder, texts);
  const shown = `./${relative(cwd, folder).replaceAll('\\', '/')}`;
  if (terminal.json)
    terminal.document(toJson('skill-new', { schema: 'backend-skills/skill-new/1', id, folder: shown, files: paths }));
  else {
    for (const path of paths) terminal.say(`${terminal.paint.green('+')} ${shown}/${path}`);
    terminal.say(
      `\nNext:\n  ${terminal.paint.mark.arrow} backend-skills skill test ${shown}\n  ${terminal.paint.mark.arrow} backend-skills add ${shown} --dry-run`,
    );
  }
  return 0;
}

function refuseName(id: string, taken: readonly string[]): void {
  const camel = id.replaceAll(/-+([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
  const usable =
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && id.length <= 60 && parse(`const ${camel} = 1;`, 'a.mjs') !== null;
  if (!usable)
    throw new UserError(
      `"${id}" is not a name for a skill.`,
      'Use small letters, digits and single hyphens, as in audit-log.',
    );
  if (taken.includes(id))
    throw new UserError(`"${id}" is the name of a skill that ships with backend-skills.`, 'Choose another name.');
}

/** `skill validate`: everything that is wrong with a skill's folder; 1 where something is. */
export async function validateSkill(folder: string, { cwd, terminal }: Context): Promise<ExitCode> {
  const texts = readFolder(resolve(cwd, folder), folder);
  const faults = faultsOf(texts);
  const hash = foreignHash(texts);
  if (terminal.json) {
    const document = {
      schema: 'backend-skills/skill-validation/1' as const,
      folder,
      valid: faults.length === 0,
      hash,
      faults,
    };
    terminal.document(toJson('skill-validation', document));
  } else {
    const { green, red, dim, mark } = terminal.paint;
    for (const fault of faults) terminal.say(`${red(mark.bad)} ${fault}`);
    if (faults.length === 0) terminal.say(`${green(mark.done)} ${folder} is a valid skill. ${dim(`sha256 ${hash}`)}`);
  }
  return faults.length > 0 ? 1 : 0;
}

/** `skill test`: the laws on every host of ours that the skill is offered for; 1 where one does not hold. */
export async function testSkill(folder: string, { cwd, terminal, catalogue }: Context): Promise<ExitCode> {
  const texts = readFolder(resolve(cwd, folder), folder);
  const skill = loadForeign(folder, texts, { from: folder, resolved: folder });
  const hosts: TrialRow[] = [];
  for (const host of openHosts()) hosts.push(await tryOn(skill, host, catalogue.ranges()));
  if (terminal.json) {
    terminal.document(
      toJson('skill-test', {
        schema: 'backend-skills/skill-test/1',
        id: skill.id,
        hash: skill.source?.hash ?? '',
        hosts,
      }),
    );
  } else terminal.say(trialToText(hosts, terminal.paint));
  return hosts.some(({ broken }) => broken.length > 0) || hosts.every(({ runs }) => runs === 0) ? 1 : 0;
}

type TrialRow = Document['skill-test']['hosts'][number];

async function tryOn(
  skill: Skill,
  { name, files, workspace }: TrialHost,
  ranges: Readonly<Record<string, string>>,
): Promise<TrialRow> {
  const host = trialHost(files, workspace, process.versions.node);
  const framework = host.profile.framework.value;
  if (framework === null || !skill.frameworks.includes(framework))
    return { host: name, framework, runs: 0, broken: [] };
  const tries = triesOf(skill, host);
  if ('broken' in tries) return { host: name, framework, runs: 1, broken: [tries.broken].map(mutable) };
  const broken: Broken[] = [];
  for (const choices of tries.choices) broken.push(...(await lawsBroken(skill, host, files, choices, ranges)));
  return { host: name, framework, runs: tries.choices.length, broken: broken.map(mutable) };
}

/** The choices to try; a skill whose defaults cannot work on a host breaks the first law there. */
function triesOf(skill: Skill, host: Parameters<typeof choicesToTry>[1]) {
  try {
    return { choices: choicesToTry(skill, host) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { broken: { law: 'its defaults work', choices: {}, detail: error.message } };
  }
}

const mutable = ({ law, choices, detail }: Broken): TrialRow['broken'][number] => ({
  law,
  detail,
  choices: Object.fromEntries(
    Object.entries(choices).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  ),
});
