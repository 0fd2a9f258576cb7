import { readLock } from '../../src/lock/lock.ts';
import type { Change, Choices, Host, Plan, Skill } from '../../src/model.ts';
import { planAdd } from '../../src/plan/add.ts';
import { bareHost } from '../../src/plan/bare.ts';
import { desire, siteOf } from '../../src/plan/desire.ts';
import type { Policy } from '../../src/plan/reconcile.ts';
import { planRemove } from '../../src/plan/remove.ts';
import { moduleFolder } from '../../src/plan/wanted.ts';
import { catalogue, exampleSkill, hostFor } from '../fixtures.ts';

export type Texts = Readonly<Record<string, string>>;

const stamp = '20260102030405';

/** The smallest answers to the example skill. */
export const ping: Choices = { path: '/ping', slot: 'routes', greeting: ['short'], client: false };

const app = `import express from 'express';

const app = express();
app.use(express.json());

app.listen(3000);
`;

/** An Express project in TypeScript. */
export const shop: Texts = {
  'package.json': `${JSON.stringify({ name: 'shop', type: 'module', main: 'src/server.ts', dependencies: { express: '^5.1.0' } }, null, 2)}\n`,
  'src/server.ts': app,
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }\n',
};

export const host = (files: Texts): Host => hostFor({ files, workspace: null });

interface Options {
  skill?: Skill;
  force?: boolean;
  overlap?: Policy['overlap'];
}

/** The plan that adds a skill to these files, as the command makes it. */
export function planFor(
  files: Texts,
  choices: Choices = ping,
  { skill = exampleSkill, force = false, overlap = 'fail' }: Options = {},
): Plan {
  const here = host(files);
  const { lock } = readLock(here.tree);
  const bare = bareHost(here, lock.skills[skill.id] ?? null);
  const dir = String(lock.skills[skill.id]?.choices.dir ?? moduleFolder(bare, skill.folder));
  const wanted = desire(skill, bare, siteOf(bare), choices, { dir, stamp, docs: false }, catalogue.ranges());
  return planAdd({
    skill,
    host: here,
    lock,
    choices: { ...choices, dir },
    desire: wanted,
    stamp,
    policy: { force, overlap },
  });
}

export const removal = (files: Texts, id = 'ping'): Plan =>
  planRemove(id, host(files), readLock(host(files).tree).lock);

/** The files as they are after the changes. */
export function after(files: Texts, { changes }: { changes: readonly Change[] }): Texts {
  const next = new Map(Object.entries(files));
  for (const { path, after: text } of changes) {
    if (text === null) next.delete(path);
    else next.set(path, text);
  }
  return Object.fromEntries([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The project with the skill in it. */
export const added = (files: Texts = shop, choices: Choices = ping): Texts => after(files, planFor(files, choices));

/** The files without one. */
export const without = (files: Texts, ...paths: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));

/** The files with one edited. */
export const edited = (files: Texts, path: string, edit: (text: string) => string): Texts => {
  const text = edit(files[path] ?? '');
  if (text === files[path]) throw new Error(`The edit of ${path} changes nothing.`);
  return { ...files, [path]: text };
};
