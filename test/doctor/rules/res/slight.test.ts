import { expect, test } from 'vitest';
import type { Rule } from '../../../../src/doctor/rule.ts';
import { syncInHandler } from '../../../../src/doctor/rules/res/sync-in-handler.ts';
import { examineTexts, manifest, type Texts } from '../../rule.ts';

const hashes = (text: string, from: string): string =>
  `import { compareSync, hashSync } from '${from}';\nimport { pbkdf2Sync } from 'node:crypto';\nexport const hash = (text: string, salt: string) => ${text};\n`;
const deriving = `import { scryptSync } from 'node:crypto';\nexport const keyOf = (text: string) => scryptSync(text, 'salt', 32);\n`;
const reading = (fn: string): string =>
  `import express from 'express';\nimport { readFileSync } from 'node:fs';\nconst app = express();\napp.post('/', ${fn});\n`;

test.each<[string, Rule, Texts, string[]]>([
  [
    'few rounds and a low cost, and those that are felt',
    syncInHandler,
    {
      'src/a.ts': hashes(`pbkdf2Sync(text, salt, 1000, 32, 'sha512')`, 'bcrypt'),
      'src/b.ts': hashes('hashSync(text, 4)', 'bcrypt'),
      'src/c.ts': hashes(`pbkdf2Sync(text, salt, 210_000, 32, 'sha512')`, 'bcrypt'),
      'src/d.ts': hashes('hashSync(text, 10)', 'bcrypt'),
    },
    ['src/a.ts:3 hint', 'src/b.ts:3 hint', 'src/c.ts:3 likely', 'src/d.ts:3 likely'],
  ],
  [
    'a key in a tool that is told what to do, and in a server that is',
    syncInHandler,
    { 'package.json': manifest('yargs'), 'src/a.ts': deriving },
    ['src/a.ts:2 hint'],
  ],
  [
    'a key in a server that reads arguments',
    syncInHandler,
    { 'package.json': manifest('yargs', 'express'), 'src/a.ts': deriving },
    ['src/a.ts:2 likely'],
  ],
  [
    'one file that the code names, below a folder that is not known, and one that it does not name',
    syncInHandler,
    {
      'src/a.ts': reading("(req, res) => res.send(readFileSync(`${folders.sql}/schema.sql`, 'utf8'))"),
      'src/b.ts': reading("(req, res) => res.send(readFileSync(`${folders.sql}/${req.query.name}.sql`, 'utf8'))"),
    },
    ['src/a.ts:4 hint', 'src/b.ts:4 likely'],
  ],
  [
    'a file beside queries that are synchronous too, and one in a function that waits',
    syncInHandler,
    {
      'package.json': manifest('express', 'better-sqlite3'),
      'src/a.ts': reading('(req, res) => res.send(readFileSync(files.get(req.params.id)))'),
      'src/b.ts': reading('async (req, res) => res.send(readFileSync(await pathOf(req.params.id)))'),
    },
    ['src/a.ts:4 hint', 'src/b.ts:4 likely'],
  ],
])('%s is told of as surely as it is worth mending', (_title, rule, texts, said) => {
  const { findings, failures } = examineTexts(texts, [rule]);
  expect(failures).toEqual([]);
  expect(findings.map(({ path, line, confidence }) => `${path}:${line} ${confidence}`)).toEqual(said);
});

test('a hash in JavaScript is told to go to a package that computes on another thread, and is given no await', () => {
  const texts = (from: string): Texts => ({
    'src/a.ts': `import bcrypt from '${from}';\nexport async function signIn(name: string, password: string) {\n  const user = await find(name);\n  return bcrypt.compareSync(password, user.hash);\n}\n`,
  });
  const [plain] = examineTexts(texts('bcryptjs'), [syncInHandler]).findings;
  const [native] = examineTexts(texts('bcrypt'), [syncInHandler]).findings;
  expect(plain?.fix).toMatch(/^Use the asynchronous form of bcrypt, .* on this one in both forms\.$/);
  expect(native?.fix).toBe('Use the asynchronous form: it computes on another thread.');
  expect([plain?.edits?.length ?? 0, (native?.edits?.length ?? 0) > 0]).toEqual([0, true]);
});
