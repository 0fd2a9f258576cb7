import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bin, type Cost, measure, work } from './measure.ts';

/**
 * Doctor on well-kept code that it should leave alone (findings per 1,000 lines), and its time and memory on 5,000 files with a million
 * lines beside ESLint with its security and n plugins on the same files, in one run: npm run bench:doctor
 */
const cache = join(tmpdir(), 'backend-skills-bench-doctor');

const corpus = ['express@5', 'fastify@5', 'hono@4', 'koa@3', 'undici@7'];
const peers = ['eslint@10', 'eslint-plugin-security', 'eslint-plugin-n', 'typescript-eslint@8', 'typescript@5'];

/** Installs packages under a name of theirs, once; gives their node_modules. */
function installed(name: string, packages: readonly string[], more: readonly string[] = []): string {
  const cwd = join(cache, name);
  const [folder, done] = [join(cwd, 'node_modules'), join(cwd, 'installed')];
  if (existsSync(done)) return folder;
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }\n');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', ...more];
  const { status, stderr } = spawnSync('npm', ['install', ...flags, ...packages], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  writeFileSync(done, '');
  return folder;
}

/** Code that is no server's source: tests, builds for browsers, translations. */
const otherCode =
  /(^|\/)(test|tests|types|docs|examples|benchmarks|locales?|i18n|dist-esm|esm|es|es6|esm5|browser|umd)\/|\.(min|config)\.[cm]?js$/;
const builtFolders = /(^|\/)(?:node_modules|dist|build|out|vendor|output|coverage)(\/)/g;

/** Doctor and ESLint say with their exit codes that they found something. */
const run = (args: readonly string[], cwd: string): Cost => measure(args, cwd, [0, 1, 2, 3]);

const code = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        /\.[cm]?js$/.test(path) && !/(^|\/)(test|tests|types|node_modules|docs|examples|benchmarks|cjs)\//.test(path),
    )
    .sort();

interface Findings {
  findings: { rule: string; severity: string; path: string | null; line: number | null; message: string }[];
  failures: string[];
}

function audited(folder: string): Findings & { lines: number; seconds: number } {
  const { output, seconds } = run([bin, 'doctor', '--json'], folder);
  const files = code(folder).map((path) => readFileSync(join(folder, path), 'utf8'));
  const lines = files.reduce((sum, text) => sum + text.split('\n').length, 0);
  return { ...(JSON.parse(output) as Findings), lines, seconds };
}

const write = (text: string): void => void process.stdout.write(`${text}\n`);

/** The sources of a package as a project: what it ships built is what there is of some, so it goes to src/. */
function asProject(name: string, modules: string): string {
  const target = join(work, 'corpus', name);
  const from = join(modules, name);
  for (const path of code(from)) {
    const to = join(target, path.replace(/^dist\//, 'src/'));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(from, path), to);
  }
  cpSync(join(from, 'package.json'), join(target, 'package.json'));
  writeFileSync(join(target, 'package-lock.json'), '{}\n');
  return target;
}

const modules = installed('peers', [...corpus, ...peers]);
const projects = corpus.map((one) => asProject(one.slice(0, one.indexOf('@')), modules));
write('Well-kept code             lines   errors  warnings  remarks   per 1,000 lines');
for (const project of projects) {
  const { findings, lines, failures } = audited(project);
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings, remarks] = [count('error'), count('warning'), count('info')];
  const name = project.slice(project.lastIndexOf('/') + 1);
  write(
    `${name.padEnd(22)} ${String(lines).padStart(9)} ${String(errors).padStart(8)} ${String(warnings).padStart(9)} ${String(remarks).padStart(8)} ${((findings.length / lines) * 1000).toFixed(2).padStart(17)}`,
  );
  for (const { rule, path, line, message } of findings)
    if (process.argv.includes('--verbose')) write(`    ${rule} ${path}:${line} ${message}`);
  for (const failure of failures) write(`    ${failure}`);
}

/** Servers and what servers lean on, with their own dependencies: two million lines of which no two files are the same. */
const servers =
  'parse-server verdaccio node-red sails @hapi/hapi restify moleculer typeorm sequelize mongoose knex objection bullmq socket.io mongodb kafkajs amqplib nodemailer passport winston @nestjs/core @nestjs/common @nestjs/microservices @feathersjs/feathers @feathersjs/express loopback @apollo/server graphql ioredis pg mysql2'.split(
    ' ',
  );

/** 5,000 files of them with a million lines, in the folders that they have; built code lies in folders named as sources are. */
function million(): { folder: string; files: number; lines: number } {
  const folder = join(work, 'million');
  const from = installed('servers', servers, ['--legacy-peer-deps']);
  const seen = new Set<string>();
  const texts = readdirSync(from, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(from.length + 1)] : []))
    .filter((path) => /\.[cm]?js$/.test(path) && !otherCode.test(path))
    .sort()
    .flatMap((path) => {
      const text = readFileSync(join(from, path), 'utf8');
      const lines = text.split('\n').length;
      const isWritten = lines >= 20 && text.length / lines <= 200 && text.length < 200_000;
      if (!isWritten || seen.has(text)) return [];
      seen.add(text);
      return [{ path, text, lines }];
    });
  // Every so many files, the longer ones of their neighbours where lines are lacking.
  const step = texts.length / 5000;
  let lines = 0;
  for (let n = 0; n < 5000; n++) {
    const near = texts.slice(Math.floor(n * step), Math.max(Math.floor((n + 1) * step), Math.floor(n * step) + 1));
    const isBehind = lines < (n / 5000) * 1_000_000 + 200;
    const one = near.sort((x, y) => (isBehind ? y.lines - x.lines : x.lines - y.lines))[0];
    if (one === undefined) continue;
    const to = join(folder, 'src', one.path.replaceAll(builtFolders, '$1code$2'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, one.text);
    lines += one.lines;
  }
  const dependencies = Object.fromEntries(['express', 'pg', 'mongoose', 'ioredis'].map((name) => [name, '*']));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'million', type: 'commonjs', dependencies })}\n`,
  );
  writeFileSync(join(folder, 'package-lock.json'), '{}\n');
  return { folder, files: 5000, lines };
}

const { folder, files, lines } = million();
const [first, second] = [run([bin, 'doctor', '--json'], folder), run([bin, 'doctor', '--json'], folder)];
writeFileSync(
  join(folder, 'eslint.config.cjs'),
  `const { createRequire } = require('node:module');
const load = createRequire(${JSON.stringify(join(cache, 'peers/package.json'))});
const security = load('eslint-plugin-security');
const n = load('eslint-plugin-n');
module.exports = [
  { files: ['**/*.js'], languageOptions: { sourceType: 'commonjs', ecmaVersion: 'latest' }, linterOptions: { reportUnusedDisableDirectives: 'off' } },
  security.configs.recommended,
  n.configs['flat/recommended-script'],
];
`,
);
const eslint = run([join(modules, 'eslint/bin/eslint.js'), '.', '--format', 'json', '--no-inline-config'], folder);
write(`\n${files} files, ${lines.toLocaleString('en')} lines`);
for (const [name, { seconds, cpu, megabytes }] of [
  ['doctor, cold', first],
  ['doctor, again', second],
  ['ESLint with security and n', eslint],
] as const)
  write(
    `${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s ${cpu.toFixed(1).padStart(6)} s CPU ${Math.round(megabytes).toString().padStart(6)} MB`,
  );
write(
  `ESLint ÷ doctor: ${(eslint.seconds / first.seconds).toFixed(1)} × in time, ${(eslint.cpu / first.cpu).toFixed(1)} × in CPU`,
);
write(`The same document twice: ${first.output === second.output ? 'yes' : 'NO'}`);
