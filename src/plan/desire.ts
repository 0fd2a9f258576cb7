import { UserError } from '../errors.ts';
import { frameworks } from '../frameworks/index.ts';
import type { AppSite, Choices, Desire, DesiredFile, Host, ManualStep, Op, Skill, Unplaced } from '../model.ts';
import { holds } from '../skills/when.ts';
import { sha256 } from '../text/hash.ts';
import { joinPath } from '../text/path.ts';
import { renderPath, renderTemplate } from '../text/render.ts';
import { dependencyNotes, dependencyOps, type Ranges } from './dependencies.ts';
import { environmentOps } from './environment.ts';
import { desiredFiles } from './files.ts';
import { type Context, contextFor, type Where } from './wanted.ts';

/** Where the app is, by the host's framework. */
export function siteOf(host: Host): AppSite | Unplaced {
  const id = host.profile.framework.value;
  return id === null ? { unplaced: 'no framework was found in this project', file: null } : frameworks[id].locate(host);
}

/**
 * The files, ops and steps that should exist: skill × host × choices. Pure; the texts are not yet formatted by the
 * host's formatter. `ranges` are the versions that we test against, by package name.
 */
export function desire(
  skill: Skill,
  host: Host,
  site: AppSite | Unplaced,
  choices: Choices,
  where: Where,
  ranges: Ranges,
): Desire {
  const context = contextFor(skill, host, site, choices, where);
  const wanted = <T extends { when?: Skill['files'][number]['when'] }>(rows: readonly T[]) =>
    rows.filter((row) => holds(row.when, context));
  const env = wanted(skill.env);
  const wiring = wireAll(skill, host, site, context);
  return {
    files: [...desiredFiles(skill, host, choices, context), ...(where.docs ? documents(skill, host) : [])],
    ops: [
      ...wiring.ops,
      ...dependencyOps(wanted(skill.dependencies), host, ranges),
      ...wanted(skill.scripts).map(
        ({ name, run }): Op => ({
          op: 'json',
          file: 'package.json',
          path: ['scripts', name],
          value: renderTemplate(run, context, skill.id),
        }),
      ),
      ...environmentOps(env, host),
    ],
    steps: wiring.steps,
    notes: dependencyNotes(wanted(skill.dependencies), host, ranges),
    env,
    next: wanted(skill.next).map(({ text }) =>
      renderTemplate(text, { ...context, endpoint: wiring.endpoints[0] ?? '' }, skill.id).trimEnd(),
    ),
    // They stand in the way of a route: what has none has nothing to fear.
    obstacles: 'places' in site && wiring.endpoints.length > 0 ? site.obstacles : [],
    endpoints: wiring.endpoints,
    methods: wiring.methods,
  };
}

/** The skill's documents, in the Agent Skills layout: where the host keeps such skills, else in `.agents/skills`. */
function documents(skill: Skill, { tree }: Host): DesiredFile[] {
  const hidden = tree
    .list('')
    .filter((name) => /^\.[\w-]+\/$/.test(name) && tree.list(name.slice(0, -1)).includes('skills/'));
  const folder = `${(hidden[0] ?? '.agents/').slice(0, -1)}/skills/${skill.id}`;
  return skill.docs.map((path) => {
    const text = skill.texts.get(path) ?? '';
    return { path: joinPath(folder, path), kind: 'managed', text, rendered: sha256(text) };
  });
}

function wireAll(skill: Skill, host: Host, site: AppSite | Unplaced, context: Context) {
  const ops: Op[] = [];
  const steps: ManualStep[] = [];
  const endpoints: string[] = [];
  const methods: Record<string, string> = {};
  const prefix = 'places' in site ? (site.convention?.prefix ?? site.prefix) : '';
  const id = host.profile.framework.value;
  for (const { slot, name, from, mount, endpoints: below, when } of skill.wire) {
    if (id === null || !holds(when, context)) continue;
    const mounted = mount === null ? '' : mountFor(skill, mount, context);
    const intent = { slot, name, file: joinPath(renderPath(from, context)), mount: mount === null ? null : mounted };
    const wiring = frameworks[id].wire(intent, site, host);
    ops.push(...wiring.ops);
    if (wiring.step !== null) steps.push(wiring.step);
    for (const [, method, path] of below.map((each) => /^(?:([A-Z]+) )?(.*)$/.exec(each) ?? [])) {
      const paths = expand(path ?? '', context).map((each) => `${prefix}${mounted}${each}`);
      endpoints.push(...paths);
      for (const each of paths) if (method !== undefined) methods[each] = method;
    }
  }
  return { ops, steps, endpoints, methods };
}

/** The public path as it goes into a line of the host's code: nothing in it may end the text it stands in. */
function mountFor(skill: Skill, mount: string, context: Context): string {
  const mounted = renderTemplate(mount, context, skill.id);
  if (/^[\w./:*~@%+-]*$/.test(mounted)) return mounted;
  throw new UserError(
    `${JSON.stringify(mounted)} is not a path that "${skill.id}" can be mounted at.`,
    'Use letters, digits and - _ . ~ only.',
  );
}

/** '/{{provider}}' for every chosen provider. */
function expand(path: string, context: Context): string[] {
  const variable = /\{\{(\w+)\}\}/.exec(path)?.[1];
  const value = variable === undefined ? undefined : context[variable];
  if (!Array.isArray(value)) return [renderPath(path, context)];
  return value.map((each) => path.replace(`{{${variable}}}`, String(each)));
}
