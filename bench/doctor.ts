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

function installed(): string {
  const folder = join(cache, 'node_modules');
  if (existsSync(join(folder, 'eslint')) && existsSync(join(folder, 'undici'))) return folder;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...corpus, ...peers],
    {
      cwd: cache,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return folder;
}

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

const modules = installed();
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

/** A million lines in 5,000 files: the corpus over and over, in folders of their own. */
function million(): { folder: string; files: number; lines: number } {
  const folder = join(work, 'million');
  const texts = projects.flatMap((project) => code(project).map((path) => readFileSync(join(project, path), 'utf8')));
  // About 200 lines each, as an application's files are: larger ones are cut at a statement's end of the top level.
  const parts = texts.filter((text) => text.length < 12_000);
  let [files, lines] = [0, 0];
  while (files < 5000) {
    const text = parts[files % parts.length] ?? '';
    const to = join(folder, `src/area${files % 100}/file${files}.js`);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
    files++;
    lines += text.split('\n').length;
  }
  // Up to a million with the larger ones.
  const large = texts.filter((text) => text.length >= 12_000 && text.length < 60_000);
  for (let n = 0; lines < 1_000_000; n++) {
    const text = large[n % large.length] ?? '';
    const to = join(folder, `src/area${n % 100}/file${n}.js`);
    lines += text.split('\n').length - readFileSync(to, 'utf8').split('\n').length;
    writeFileSync(to, text);
  }
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "million", "type": "commonjs", "dependencies": { "express": "^5.0.0" } }\n',
  );
  writeFileSync(join(folder, 'package-lock.json'), '{}\n');
  return { folder, files, lines };
}

const { folder, files, lines } = million();
const [first, second] = [run([bin, 'doctor', '--json'], folder), run([bin, 'doctor', '--json'], folder)];
writeFileSync(
  join(folder, 'eslint.config.cjs'),
  `const { createRequire } = require('node:module');
const load = createRequire(${JSON.stringify(join(cache, 'package.json'))});
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
