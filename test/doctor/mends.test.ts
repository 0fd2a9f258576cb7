import { describe, expect, test } from 'vitest';
import { planFix } from '../../src/doctor/fix.ts';
import type { GitFacts } from '../../src/doctor/project.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { treeOf } from '../tree.ts';
import { examineTexts, manifest, mendedBy, type Texts } from './rule.ts';

const app = "import express from 'express';\n\nconst app = express();\n";

function fixed(rule: string, files: Texts, git: GitFacts | null = null): Texts {
  const { findings } = examineTexts(
    files,
    rules.filter(({ id }) => id === rule),
    git,
  );
  expect(findings, 'there is something to mend').not.toEqual([]);
  return mendedBy(files, findings);
}

/** One file, before and after. */
const mends = (rule: string, path: string, before: string, after: string, others: Texts = {}): void =>
  expect(fixed(rule, { ...others, [path]: before })).toEqual({ ...others, [path]: after });
const leaves = (rule: string, path: string, before: string, others: Texts = {}): void =>
  mends(rule, path, before, before, others);

describe('work that all other requests wait for', () => {
  const rule = 'res/sync-in-handler';
  const handler = (line: string, first = 'const user = await find(req.body.name);'): string =>
    `import fs from 'node:fs';\nimport bcrypt from 'bcrypt';\n${app}app.post('/', async (req, res) => {\n  ${first}\n  ${line}\n});\n`;

  test.each([
    [
      'res.json(bcrypt.compareSync(req.body.password, user.hash)); // ok?',
      'res.json(await bcrypt.compare(req.body.password, user.hash)); // ok?',
    ],
    [
      'const hash = bcrypt.hashSync(  req.body.password,10 )',
      'const hash = await bcrypt.hash(  req.body.password,10 )',
    ],
    ['if (!bcrypt.compareSync(a, b)) return;', 'if (!(await bcrypt.compare(a, b))) return;'],
    ["res.send(fs.readFileSync('a', 'utf8').trim());", "res.send((await fs.promises.readFile('a', 'utf8')).trim());"],
    [
      "for (const name of fs.readdirSync('a')) go(name);",
      "for (const name of await fs.promises.readdir('a')) go(name);",
    ],
  ])('%s', (before, after) => {
    mends(rule, 'src/a.ts', handler(before), handler(after));
  });

  test.each([
    ['where nothing is awaited yet', "res.json(bcrypt.compareSync('a', 'b'));", 'const user = find();'],
    [
      'where only an inner function awaits',
      "res.json(bcrypt.compareSync('a', 'b'));",
      'const later = async () => { await find(); };',
    ],
    [
      'in an inner function that is not async',
      "res.json(names.map((name) => bcrypt.compareSync(name, 'b')));",
      'await find();',
    ],
    ['where a file is written', "fs.writeFileSync('a', 'b');", 'await find();'],
    ['where arguments are missing', 'res.json(bcrypt.hashSync(req.body.password));', 'await find();'],
    ['where the call is over several lines', "const a = fs\n    .readdirSync('a');", 'await find();'],
    ['where brackets would join the line above', "fs.readFileSync('a').toString()", 'await find()'],
  ])('is left %s', (_, line, first) => {
    leaves(rule, 'src/a.ts', handler(line, first));
  });
});

describe('a code that can be guessed', () => {
  const rule = 'sec/weak-crypto';
  const code = (text: string, head = ''): string =>
    `${head}export function makeOtp() {\n  const otp = ${text};\n  return otp;\n}\n`;
  const esm = "import pg from 'pg';\n";

  test.each([
    ['Math.floor(100000 + Math.random() * 900000)', 'randomInt(100000, 1000000)'],
    ['Math.floor(Math.random() * 900000 + 100000)', 'randomInt(100000, 1000000)'],
    ['Math.floor(Math.random() * (9999 - 1000 + 1)) + 1000', 'randomInt(9000) + 1000'],
    ['`${Math.trunc(1e5 * Math.random())}`', '`${randomInt(100000)}`'],
  ])('%s', (before, after) => {
    mends(rule, 'src/otp.ts', code(before, esm), code(after, `${esm}import { randomInt } from 'node:crypto';\n`));
  });

  test('the file says crypto its own way', () => {
    const line = 'Math.floor(Math.random() * 10000)';
    mends(
      rule,
      'src/otp.ts',
      code(line, "import crypto from 'crypto';\n"),
      code('crypto.randomInt(10000)', "import crypto from 'crypto';\n"),
    );
    const named = "import { randomInt as drawn } from 'node:crypto';\n";
    mends(rule, 'src/otp.ts', code(line, named), code('drawn(10000)', named));
    mends(
      rule,
      'src/otp.js',
      code(line, '\'use strict\';\r\nconst pg = require("pg")\r\n'),
      code(
        'randomInt(10000)',
        '\'use strict\';\r\nconst pg = require("pg")\r\nconst { randomInt } = require("node:crypto")\r\n',
      ),
    );
  });

  test('a letter of an alphabet, each time', () => {
    const make = (draw: string): string =>
      `export function makeToken() {\n  let token = '';\n  for (let i = 0; i < 20; i++) token += letters[${draw}];\n  return token;\n}\n`;
    const head = "import pg from 'pg';\n";
    const letters = "const letters = 'abcdef';\n";
    mends(
      rule,
      'src/otp.ts',
      head + letters + make('Math.floor(Math.random() * letters.length)'),
      `${head}import { randomInt } from 'node:crypto';\n${letters}${make('randomInt(letters.length)')}`,
    );
  });

  test.each([
    ['with a range that is not written there', 'Math.floor(Math.random() * max)', esm],
    ['as a text of letters', 'Math.random().toString(36).slice(2)', esm],
    ['that is rounded', 'Math.round(Math.random() * 9999)', esm],
    ['in a file that imports nothing', 'Math.floor(Math.random() * 9999)', ''],
    ['where the name is taken', 'Math.floor(Math.random() * 9999)', `${esm}const randomInt = 4;\n`],
    ['for an edge runtime', 'Math.floor(Math.random() * 9999)', `${esm}export const runtime = 'edge';\n`],
  ])('is left %s', (_, text, head) => {
    leaves(rule, 'src/otp.ts', code(text, head));
  });
});

test('a cheap hash costs what the library would take, wherever its own file says the cost', () => {
  const text = (cost: string, rounds: string): string =>
    `import bcrypt from 'bcrypt';\n\nconst saltRounds = ${rounds};\nexport const a = (password) => bcrypt.hash(password, ${cost});\nexport const b = (password) => bcrypt.hash(password, saltRounds);\n`;
  mends('sec/weak-crypto', 'src/a.ts', text('5', '8'), text('10', '10'));
});

describe('certificates that nobody checks', () => {
  const agent = (host: string, more = ''): string =>
    `import https from 'node:https';\nconst agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });\nexport const rates = (done) => https.get('https://${host}/rates', { agent }, done);\n${more}`;
  const asked = (host: string): string =>
    `import https from 'node:https';\nhttps.request({ hostname: '${host}', rejectUnauthorized: false });\n`;
  const mended = (text: string): string => text.replace('rejectUnauthorized: false', 'rejectUnauthorized: true');

  const mail = (to: string): string =>
    `import nodemailer from 'nodemailer';\nconst post = nodemailer.createTransport({ ${to}, tls: { rejectUnauthorized: false } });\npost.sendMail({});\n`;

  test.each([agent('api.example.com'), asked('pay.example.org'), mail("service: 'gmail'")])(
    'are checked for a public host: %#',
    (text) => {
      mends('sec/tls-verify-off', 'src/a.ts', text, mended(text));
    },
  );

  test.each([
    agent('billing.internal'),
    agent('10.0.0.7'),
    agent('billing'),
    agent('api.example.com', "get('https://vault.corp.example.com', { agent });\n"),
    agent('api.example.com', 'get(process.env.BILLING_URL, { agent });\n'),
    agent('api.example.com', 'export { agent };\n'),
    agent('api.example.com').replace('const agent', 'export const agent'),
    agent('${host}').replaceAll("'https", '`https').replace("/rates'", '/rates`'),
    mail('service: process.env.MAIL'),
    mail("host: 'mail.example.com'"),
    asked('db.local'),
    asked('127.0.0.1'),
  ])('are left where the host may be one of the house: %#', (text) => {
    leaves('sec/tls-verify-off', 'src/a.ts', text);
  });
});

describe('tokens without a signature', () => {
  const verify = (list: string): string =>
    `import jwt from 'jsonwebtoken';\nexport const read = (token) => jwt.verify(token, key, { algorithms: ${list} });\n`;

  test.each([
    ["['HS256', 'none']", "['HS256']"],
    ["['none', 'HS256' /* ours */]", "['HS256' /* ours */]"],
    ["['HS256', 'none', 'RS256']", "['HS256', 'RS256']"],
  ])('%s', (before, after) => {
    mends('sec/jwt-misuse', 'src/a.ts', verify(before), verify(after));
  });

  test('are left where no other algorithm would be', () => {
    leaves('sec/jwt-misuse', 'src/a.ts', verify("['none']"));
  });
});

describe('a container’s first process', () => {
  const rule = 'ops/pid1';
  const image = (command: string, from = 'node:22-slim'): string =>
    `# The shop.\nFROM ${from}\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nUSER node\n${command}\n`;
  const scripts = (start: object): Texts => ({ 'package.json': JSON.stringify({ name: 'shop', scripts: start }) });

  test.each([
    ['CMD node dist/server.js --port=80', {}, 'CMD ["node", "dist/server.js", "--port=80"]'],
    ['ENTRYPOINT node server.js', {}, 'ENTRYPOINT ["node", "server.js"]'],
    [
      'CMD ["npm", "start"]',
      { start: 'node --enable-source-maps dist/main.js' },
      'CMD ["node", "--enable-source-maps", "dist/main.js"]',
    ],
    ['CMD npm run start:prod', { 'start:prod': 'node dist/main' }, 'CMD ["node", "dist/main"]'],
  ])('%s', (before, start, after) => {
    mends(rule, 'Dockerfile', image(before), image(after), scripts(start));
    mends(
      rule,
      'Dockerfile',
      image(before).replaceAll('\n', '\r\n'),
      image(after).replaceAll('\n', '\r\n'),
      scripts(start),
    );
  });

  test.each([
    ['a variable', 'CMD node server.js --port $PORT', {}],
    ['two commands', 'CMD node migrate.js && node server.js', {}],
    ['a line before', 'CMD ["npm", "start"]', { start: 'node a.js', prestart: 'node migrate.js' }],
    ['another program', 'CMD ["npm", "start"]', { start: 'next start' }],
    ['a variable of the script', 'CMD ["npm", "start"]', { start: 'NODE_ENV=production node a.js' }],
    ['no such script', 'CMD ["npm", "start"]', {}],
    ['a shell of its own', 'SHELL ["/bin/sh", "-euc"]\nCMD node server.js', {}],
    ['words behind it', 'ENTRYPOINT node server.js\nCMD ["--port", "80"]', {}],
  ])('is left where there is %s', (_, command, start) => {
    leaves(rule, 'Dockerfile', image(command), scripts(start));
  });

  test('is left where the program asks what npm tells it', () => {
    leaves(rule, 'Dockerfile', image('CMD ["npm", "start"]'), {
      ...scripts({ start: 'node a.js' }),
      'a.js': 'console.log(process.env.npm_package_version);\n',
    });
  });
});

describe('an install that the lockfile does not settle', () => {
  const lock = (packages: object): string => JSON.stringify({ name: 'shop', lockfileVersion: 3, packages });
  const shop = JSON.stringify({ name: 'shop', dependencies: { a: '^1.0.0' } });
  const good = { '': { name: 'shop', dependencies: { a: '^1.0.0' } }, 'node_modules/a': { version: '1.2.0' } };
  const project = (packages: object = good): Texts => ({ 'package.json': shop, 'package-lock.json': lock(packages) });
  const image = (install: string, copy = 'package*.json ./'): string =>
    `FROM node:22\nWORKDIR /app\nCOPY ${copy}\nRUN ${install}\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n`;

  test.each([
    ['npm install', 'npm ci'],
    ['npm i --omit=dev --no-audit', 'npm ci --omit=dev --no-audit'],
    ['apt-get update && \\\n    npm install --production', 'apt-get update && \\\n    npm ci --production'],
  ])('%s in an image', (before, after) => {
    mends('ops/docker-install', 'Dockerfile', image(before), image(after), project());
  });

  const workflow = (run: string): string =>
    `on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: ${run}\n`;
  test.each([
    ['npm install # all', 'npm ci # all'],
    ['|\n          npm i\n          npm test', '|\n          npm ci\n          npm test'],
  ])('%s in CI', (before, after) => {
    mends('ops/lockfile', '.github/workflows/ci.yml', workflow(before), workflow(after), project());
  });

  test.each([
    ['names another range', { ...good, '': { dependencies: { a: '^1.1.0' } } }],
    ['lacks a package', { '': good[''] }],
    ['holds a version that is not meant', { ...good, 'node_modules/a': { version: '2.0.0' } }],
    ['lacks a peer', { ...good, 'node_modules/a': { version: '1.2.0', peerDependencies: { b: '^1.0.0' } } }],
    ['lacks what another needs', { ...good, 'node_modules/a': { version: '1.2.0', dependencies: { b: '^1.0.0' } } }],
  ])('is left where the lockfile %s', (_, packages) => {
    leaves('ops/docker-install', 'Dockerfile', image('npm install'), project(packages));
    leaves('ops/lockfile', '.github/workflows/ci.yml', workflow('npm install'), project(packages));
  });

  test('is left where the lockfile is not in the image, or the folder is another', () => {
    leaves('ops/docker-install', 'Dockerfile', image('npm install', 'package.json ./'), project());
    leaves('ops/docker-install', 'Dockerfile', image('npm install'), {
      ...project(),
      '.dockerignore': 'package-lock.json\n',
    });
    const elsewhere = workflow('npm install').replace('- run', '- working-directory: web\n        run');
    leaves('ops/lockfile', '.github/workflows/ci.yml', elsewhere, project());
  });
});

describe('lists', () => {
  test('a file of secrets that git would take is ignored', () => {
    const git = { tracked: new Set(['package.json']), untracked: new Set(['.env']) };
    const secret = `API_SECRET=a9f8${'b7c6d5e4'}\n`;
    expect(fixed('sec/env-tracked', { '.env': secret }, git)['.gitignore']).toBe('.env\n');
    expect(fixed('sec/env-tracked', { '.env': secret, '.gitignore': 'dist' }, git)['.gitignore']).toBe('dist\n.env\n');
    expect(fixed('sec/env-tracked', { '.env': secret, '.gitignore': 'dist\r\n' }, git)['.gitignore']).toBe(
      'dist\r\n.env\r\n',
    );
  });

  test('variables that nobody knows of are listed, where no list names them', () => {
    const files = {
      'src/a.ts': 'export const key = process.env.MAIL_KEY + process.env.MAIL_HOST;\n',
      '.env.example': 'URL=x',
    };
    expect(fixed('cfg/env-schema', files)).toEqual({ ...files, '.env.example': 'URL=x\n# MAIL_KEY=\n# MAIL_HOST=\n' });
    const more = { ...files, '.env.local.example': 'MAIL_KEY=x\n' };
    expect(fixed('cfg/env-schema', more)['.env.example']).toBe('URL=x\n# MAIL_HOST=\n');
  });
});

describe('planFix', () => {
  const found = (path: string, line: number, edits: { path?: string; start: number; end: number; text: string }[]) =>
    ({
      rule: `r/${line}`,
      severity: 'error',
      confidence: 'certain',
      path,
      line,
      message: 'm',
      fix: 'f',
      offset: 0,
      edits,
    }) as const;
  const tree = treeOf({ 'a.ts': 'const a = 1;\nconst b = 2;\n', 'b.ts': 'export {};\n', 'package.json': manifest() });

  test('says once what two say alike, and mends both', () => {
    const head = { start: 0, end: 0, text: 'import x;\n'.replace('x', "'x'") };
    const plan = planFix(tree, [
      found('a.ts', 1, [head, { start: 10, end: 11, text: '3' }]),
      found('a.ts', 2, [head, { start: 23, end: 24, text: '4' }]),
    ]);
    expect(plan.changes[0]?.after).toBe("import 'x';\nconst a = 3;\nconst b = 4;\n");
    expect(plan.notes).toEqual(['r/1: a.ts:1', 'r/2: a.ts:2']);
  });

  test('leaves the second of two that edit one place for the next run, as a whole, and says so', () => {
    const plan = planFix(tree, [
      found('a.ts', 1, [{ start: 10, end: 11, text: '3' }]),
      found('a.ts', 2, [
        { start: 9, end: 12, text: ' 4;' },
        { path: 'b.ts', start: 0, end: 0, text: '// b\n' },
      ]),
    ]);
    expect(plan.changes.map(({ path }) => path)).toEqual(['a.ts']);
    expect(plan.changes[0]?.after).toBe('const a = 3;\nconst b = 2;\n');
    expect(plan.notes.at(-1)).toMatch(/^1 more stands where another is mended/);
  });

  test('leaves a file that would not parse, with what belongs to the same finding', () => {
    const plan = planFix(tree, [
      found('a.ts', 1, [
        { start: 10, end: 11, text: '(' },
        { path: 'b.ts', start: 0, end: 0, text: '// b\n' },
      ]),
      found('b.ts', 1, [{ path: 'c.txt', start: 0, end: 0, text: 'new\n' }]),
    ]);
    expect(plan.changes).toEqual([{ path: 'c.txt', before: null, after: 'new\n' }]);
    expect(plan.notes).toContain('a.ts is left as it is: mended, it would not be read any more.');
  });

  test('leaves what is to be let be', () => {
    const calm = {
      ...found('a.ts', 1, [{ start: 10, end: 11, text: '3' }]),
      suppressed: { kind: 'inSource', justification: 'x' },
    } as const;
    expect(planFix(tree, [calm]).changes).toEqual([]);
  });
});
