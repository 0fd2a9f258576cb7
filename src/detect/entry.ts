import type { Fact } from '../model.ts';
import { creationsIn } from './creations.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { asObject, asString, asStrings } from './json.ts';
import { launched, startedFile } from './launch.ts';
import { followImports } from './modules.ts';
import { within } from './paths.ts';
import {
  dockerCommand,
  nestEntry,
  nxEntries,
  serverlessEntries,
  serverlessFiles,
  vercelEntry,
  wranglerEntry,
  wranglerFiles,
} from './platforms.ts';
import { keyLine, type Scene, textLine } from './scene.ts';

const preferred = [
  'start',
  'dev',
  'start:dev',
  'serve',
  'server',
  'start:prod',
  'develop',
  'dev:server',
  'start:server',
];
const otherWork =
  /test|lint|build|migrat|seed|generat|format|check|typ(e|es)\b|clean|deploy|release|doc|swagger|repl|setup|cli|db|script|codegen|prepare|install|worker|cron|bench|studio|email|storybook/i;

/** The file where the process starts, from scripts, `main`, configurations and the Dockerfile; by its name only at last. */
export function entryOf(scene: Scene): Fact<string | null> {
  const told = [...fromScripts(scene), ...fromConfigs(scene), ...fromMain(scene)];
  const candidates = told.length > 0 ? told : byName(scene);
  const serving = candidates.filter(({ value }) => value !== null && servesFrom(scene, value));
  const ordered = [...serving, ...candidates];
  return decide(ordered, {
    value: null,
    evidence: assumed('no script, main, configuration or Dockerfile names a source file'),
  });
}

/** True where the files that it reaches create an app. */
function servesFrom({ tree }: Scene, entry: string): boolean {
  return followImports(tree, entry).some((file) => creationsIn(tree, file).length > 0);
}

function fromScripts({ tree, scripts }: Scene): Candidate<string | null>[] {
  const others = Object.keys(scripts).filter((name) => !preferred.includes(name) && !otherWork.test(name));
  return [...preferred, ...others].flatMap((name) => {
    const command = scripts[name];
    if (command === undefined) return [];
    const evidence = seen(
      'package.json',
      keyLine(tree, 'package.json', name),
      `script "${name}" runs \`${command}\``,
      preferred.includes(name) ? 'certain' : 'likely',
    );
    return launched(tree, scripts, command).map((value) => ({ value, evidence }));
  });
}

function fromConfigs({ tree, scripts }: Scene): Candidate<string | null>[] {
  const docker = dockerCommand(tree);
  const procfile = /^web:\s*(.+)$/m.exec(tree.read('Procfile') ?? '')?.[1];
  const wrangler = wranglerFiles.find((name) => tree.has(name)) ?? null;
  const rows: Candidate<string | null>[] = [];
  const add = (value: string | null, file: string | null, line: number | null, reason: string) => {
    if (value !== null) rows.push({ value, evidence: seen(file, line, reason) });
  };
  add(wranglerEntry(tree), wrangler, wrangler && textLine(tree, wrangler, 'main'), `${wrangler} names it as main`);
  if (tree.has('nest-cli.json')) add(nestEntry(tree, null), 'nest-cli.json', null, 'nest-cli.json starts it');
  for (const file of docker ? launched(tree, scripts, docker.command) : [])
    add(file, 'Dockerfile', docker?.line ?? null, 'the Dockerfile starts it');
  for (const file of procfile ? launched(tree, scripts, procfile) : [])
    add(file, 'Procfile', null, 'the Procfile starts it');
  add(vercelEntry(tree), 'vercel.json', null, 'vercel.json builds it');
  for (const file of serverlessEntries(tree))
    add(file, serverlessFiles.find((name) => tree.has(name)) ?? null, null, 'a function of serverless.yml');
  for (const { value, file } of nxEntries(tree)) add(value, file, null, `${file} builds it`);
  return rows;
}

function fromMain({ tree, manifest }: Scene): Candidate<string | null>[] {
  const bins = [asString(manifest.bin), ...Object.values(asObject(manifest.bin) ?? {}).map((value) => asString(value))];
  const named = [
    ...['main', 'module'].map((key) => ({ key, path: asString(manifest[key]) })),
    ...bins.map((path) => ({ key: 'bin', path })),
    ...asStrings(manifest.exports).map((path) => ({ key: 'exports', path })),
  ];
  return named.flatMap(({ key, path }) => {
    const file = path === null ? null : startedFile(tree, path);
    return file === null
      ? []
      : row(
          file,
          seen('package.json', keyLine(tree, 'package.json', key), `package.json names ${path} as "${key}"`, 'likely'),
        );
  });
}

const folders = [
  'src',
  '',
  'server',
  'server/src',
  'backend',
  'backend/src',
  'api',
  'api/src',
  'app',
  'src/server',
  'bin',
  'lib',
  'functions/src',
  'functions',
];
const names = ['main', 'server', 'index', 'app', 'www'];

function byName({ tree }: Scene): Candidate<string | null>[] {
  return folders.flatMap((folder) => {
    if (folder !== '' && tree.list(folder).length === 0) return [];
    return names.flatMap((name) => {
      const file = startedFile(tree, within(folder, name));
      return file === null || !file.startsWith(within(folder, name))
        ? []
        : row(file, seen(file, null, `${file} has a usual name`, 'guess'));
    });
  });
}
