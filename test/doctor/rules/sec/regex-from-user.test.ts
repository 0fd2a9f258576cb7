import { expect, test } from 'vitest';
import { regexFromUser } from '../../../../src/doctor/rules/sec/regex-from-user.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const handler = (body: string, head = '') => ({
  files: { 'src/handler.ts': `${head}\nexport function handle(req, res) {\n  ${body}\n}\n` },
});

ruleTest(regexFromUser, {
  hits: {
    'a pattern of the query': {
      ...handler(`const found = names.filter((name) => new RegExp(req.query.q, 'i').test(name));`),
      at: ['src/handler.ts:3'],
    },
    'a name put into a pattern': {
      ...handler('const { name } = req.body; const pattern = RegExp(`^${name}$`); res.json(pattern.test(text));'),
      at: ['src/handler.ts:3'],
    },
    Hono: {
      files: {
        'package.json': manifest('hono'),
        'src/app.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/find', (c) => c.json(list.filter((one) => new RegExp(c.req.query('q')).test(one))));\n`,
      },
      at: ['src/app.ts:3'],
    },
    'a search of the database': {
      ...handler(`res.json(User.find({ name: { $regex: req.query.q, $options: 'i' } }));`),
      at: ['src/handler.ts:3'],
    },
    'a pattern that doubles its time': {
      ...handler('if (!/([0-9]+)+#/.test(req.body.number)) return res.end();'),
      at: ['src/handler.ts:3'],
    },
    'a pattern that is tried and run': {
      ...handler('try { ok = new RegExp(req.body.rule).test(text); } catch { return res.status(400).end(); }'),
      at: ['src/handler.ts:3'],
    },
  },
  clean: {
    'words and dots only': handler(`new RegExp('^' + req.query.q.replace(/[^\\w.]/g, ''), 'i');`),
    'a pattern that is only tried': handler(
      'try { new RegExp(req.body.rule); } catch { return res.status(400).end(); }',
    ),
    'escaped with a function': handler(
      `new RegExp(escapeRegExp(req.query.q), 'i');`,
      `import { escapeRegExp } from 'lodash';`,
    ),
    'escaped by replacing': handler(
      `const safe = req.query.q.replace(/[.*+?^\${}()|[\\]\\\\]/g, '\\\\$&'); new RegExp(safe, 'i');`,
    ),
    'a pattern of the program': handler(
      'new RegExp(`^${PREFIX}-\\\\d+$`).test(req.query.id); /^[a-z]+$/.test(req.query.q);',
      `const PREFIX = 'a';`,
    ),
    'a search for a text': handler('res.json(names.filter((name) => name.includes(req.query.q)));'),
  },
});

/** What is shown where nobody asks for hints. */
const shown = (files: Record<string, string>) =>
  examineTexts(files, [regexFromUser]).findings.map(({ confidence }) => confidence);

test('is a hint on a route for administrators, and on a way through functions that may look', () => {
  const routes = (guard: string) => ({
    'package.json': manifest('express', 'mongoose'),
    'src/app.js': `import express from 'express';\nconst app = express();\napp.get('/users', ${guard}, (req, res) => res.json(names.filter((one) => new RegExp(req.query.q).test(one))));\n`,
  });
  expect(shown(routes("allow('admin')"))).toEqual(['hint']);
  expect(shown(routes('signedIn'))).toEqual(['likely']);
  const far = `const pattern = (text) => { log(text); return new RegExp(text); };\nconst search = (text) => { log(text); return pattern(text); };`;
  expect(shown(handler('res.json(search(req.query.q));', far).files)).toEqual(['hint']);
});

test.each([
  ['runs here', 'list.filter((one) => new RegExp(req.query.q).test(one))', 'stops the whole process'],
  ['is part of a query', 'User.find({ name: new RegExp(req.query.q) })', 'runs over every document'],
])('says what a pattern does that %s', (_title, search, words) => {
  const files = { 'package.json': manifest('express', 'mongoose'), ...handler(`res.json(${search});`).files };
  expect(examineTexts(files, [regexFromUser]).findings.map((one) => one.message.includes(words))).toEqual([true]);
});

test.each([
  ['a query alone', 'User.find({ name: { $regex: pattern } })', 'runs over every document'],
  ['a query and here', 'User.find({ name: pattern }).filter((one) => pattern.test(one))', 'stops the whole process'],
])('says what a pattern does that is kept for %s', (_title, search, words) => {
  const { files } = handler(`const pattern = new RegExp(req.query.q); res.json(${search});`);
  const all = { 'package.json': manifest('express', 'mongoose'), ...files };
  expect(examineTexts(all, [regexFromUser]).findings.map((one) => one.message.includes(words))).toEqual([true]);
});
