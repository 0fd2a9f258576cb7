import { describe, expect, test } from 'vitest';
import { comesFrom, definitionOf, originOf } from '../../../src/doctor/code/origin.ts';
import type { Texts } from '../rule.ts';
import { askedOf } from '../source.ts';

const origin = (texts: Texts | string): string | null => {
  const { source, node } = askedOf(texts);
  return originOf(source, node);
};

describe('a value comes from', () => {
  test.each([
    ['a class of a module', "import { Pool } from 'pg'; $(new Pool())", 'pg#Pool()'],
    ['a method of an instance', "import { Pool } from 'pg'; const db = new Pool(); $(db.query)", 'pg#Pool().query'],
    [
      'what a call gives',
      "import express from 'express'; const app = express(); $(app.listen)",
      'express#default().listen',
    ],
    ['a node module, with its prefix', "import { readFile } from 'node:fs'; $(readFile)", 'fs#readFile'],
    ['a node module as a whole', "import * as fs from 'fs'; $(fs.readFile)", 'fs#readFile'],
    ['a node module by its default', "import fs from 'node:fs'; $(fs.readFile)", 'fs#readFile'],
    ['a part that is taken out', "import fs from 'fs'; const { readFile } = fs; $(readFile)", 'fs#readFile'],
    ['a part that is required', "const { readFile: read } = require('fs'); $(read)", 'fs#readFile'],
    ['a module that is required', "const { Pool } = require('pg'); $(new Pool().query)", 'pg#Pool().query'],
    ['a call of what is required', "$(require('debug')('app'))", 'debug#default()'],
    ['a module that is awaited', "const { Pool } = await import('pg'); $(new Pool())", 'pg#Pool()'],
    ['the environment', '$(process.env.PORT)', '#process.env.PORT'],
    ['a global', '$(fetch)', '#fetch'],
    ['the type of a parameter', "import { Pool } from 'pg'; ((db: Pool) => $(db.query))", 'pg#Pool().query'],
    ['the type of a variable', "import type { Pool } from 'pg'; let db: Pool; $(db)", 'pg#Pool()'],
    ['a type in a namespace', "import pg from 'pg'; ((db: pg.Pool) => $(db))", 'pg#Pool()'],
    ['a value that is given later', "import { Pool } from 'pg'; let db; db = new Pool(); $(db)", 'pg#Pool()'],
    ['one of two values', "import { Pool } from 'pg'; const db = globalThis.db ?? new Pool(); $(db)", 'pg#Pool()'],
    ['either branch', "import { Pool } from 'pg'; const db = a ? null : new Pool(); $(db)", 'pg#Pool()'],
    [
      'a field of the class',
      "import { Pool } from 'pg'; class A { db = new Pool(); f() { $(this.db.query) } }",
      'pg#Pool().query',
    ],
    [
      'what the constructor gives a field',
      "import { Pool } from 'pg'; class A { constructor() { this.db = new Pool() } f() { $(this.db) } }",
      'pg#Pool()',
    ],
    [
      'a parameter that is injected',
      "import { Pool } from 'pg'; class A { constructor(private readonly db: Pool) {} f() { $(this.db.query) } }",
      'pg#Pool().query',
    ],
    [
      'a parameter that is kept',
      "import { Pool } from 'pg'; class A { constructor(db: Pool) { this.db = db } f() { $(this.db.query) } }",
      'pg#Pool().query',
    ],
    [
      'a class of the same file that extends one',
      "import { PrismaClient } from '@prisma/client'; class Db extends PrismaClient {} const db = new Db(); $(db.user)",
      '@prisma/client#PrismaClient().user',
    ],
    [
      'the class that is extended',
      "import { PrismaClient } from '@prisma/client'; class Db extends PrismaClient { f() { $(this.user) } }",
      '@prisma/client#PrismaClient().user',
    ],
    ['a name in brackets', "import fs from 'fs'; $(fs['readFile'])", 'fs#readFile'],
    ['a cast', "import { Pool } from 'pg'; $((new Pool() as any)!.query)", 'pg#Pool().query'],
    ['nowhere, by a computed name', "import fs from 'fs'; $(fs[name])", null],
    ['nowhere, as a parameter without a type', '((db) => $(db))', null],
    ['nowhere, as text', "$('text')", null],
    ['nowhere, where names go in circles', 'let a = b; let b = a; $(a)', null],
  ])('%s', (_title, code, expected) => expect(origin(code)).toBe(expected));
});

describe('through the files of the project, a value comes from', () => {
  const made = "import { Pool } from 'pg';";
  test.each<[string, Texts, string | null]>([
    [
      'another file',
      { 'src/db.ts': `${made} export const db = new Pool();`, 'src/a.ts': "import { db } from './db'; $(db.query)" },
      'pg#Pool().query',
    ],
    [
      'another file, with its ending',
      { 'src/db.ts': `${made} export const db = new Pool();`, 'src/a.ts': "import { db } from './db.js'; $(db)" },
      'pg#Pool()',
    ],
    [
      'a default export',
      { 'src/db.ts': `${made} export default new Pool();`, 'src/a.ts': "import db from './db'; $(db.query)" },
      'pg#Pool().query',
    ],
    [
      'a default export of a name',
      { 'src/db.ts': `${made} const db = new Pool(); export default db;`, 'src/a.ts': "import db from './db'; $(db)" },
      'pg#Pool()',
    ],
    [
      'an export under another name',
      {
        'src/db.ts': `${made} const p = new Pool(); export { p as db };`,
        'src/a.ts': "import { db } from './db'; $(db)",
      },
      'pg#Pool()',
    ],
    [
      'a file that passes all on',
      {
        'src/db/pool.ts': `${made} export const db = new Pool();`,
        'src/db/index.ts': "export * from './pool';",
        'src/a.ts': "import { db } from './db'; $(db)",
      },
      'pg#Pool()',
    ],
    [
      'a file that passes one on',
      {
        'src/db/pool.ts': `${made} export default new Pool();`,
        'src/db/index.ts': "export { default as db } from './pool';",
        'src/a.ts': "import { db } from './db'; $(db)",
      },
      'pg#Pool()',
    ],
    [
      'module.exports',
      {
        'src/db.js': "const { Pool } = require('pg'); module.exports = new Pool();",
        'src/a.ts': "const db = require('./db'); $(db.query)",
      },
      'pg#Pool().query',
    ],
    [
      'an object in module.exports',
      {
        'src/db.js': "const { Pool } = require('pg'); const db = new Pool(); module.exports = { db };",
        'src/a.ts': "const { db } = require('./db'); $(db.query)",
      },
      'pg#Pool().query',
    ],
    [
      'exports.name',
      {
        'src/db.js': "const { Pool } = require('pg'); exports.db = new Pool();",
        'src/a.ts': "const { db } = require('./db'); $(db)",
      },
      'pg#Pool()',
    ],
    [
      "a module of someone else's that is passed on",
      { 'src/db.ts': "export { Pool } from 'pg';", 'src/a.ts': "import { Pool } from './db'; $(new Pool())" },
      'pg#Pool()',
    ],
    [
      'the file itself, where it is its own code',
      { 'src/db.ts': 'export function find() {}', 'src/a.ts': "import { find } from './db'; $(find)" },
      '/src/db.ts#find',
    ],
    [
      'a file that asks back',
      {
        'src/db.ts': `${made} import { name } from './a'; export const db = new Pool(name);`,
        'src/a.ts': "import { db } from './db'; export const name = 'x'; $(db)",
      },
      'pg#Pool()',
    ],
    [
      'nowhere, where files only point at each other',
      { 'src/b.ts': "export { x } from './a';", 'src/a.ts': "import { x } from './b'; export { x }; $(x)" },
      null,
    ],
  ])('%s', (_title, texts, expected) => {
    const found = origin(texts);
    if (expected === null) expect(found === null || found.startsWith('/src/')).toBe(true);
    else expect(found).toBe(expected);
  });
});

test('where a value comes from is asked by name or by pattern', () => {
  const { source, node } = askedOf("import { Pool } from 'pg'; $(new Pool().query)");
  expect(comesFrom(source, node, ['pg#Pool().query'])).toBe(true);
  expect(comesFrom(source, node, ['pg#Pool()'])).toBe(false);
  expect(comesFrom(source, node, /^pg#/)).toBe(true);
});

describe('a function is defined', () => {
  const defined = (texts: Texts | string): string | null => {
    const { source, node } = askedOf(texts);
    const place = definitionOf(source, node);
    return place && `${place.source.path} ${place.source.textOf(place.node).slice(0, 24)}`;
  };
  test.each<[string, Texts | string, string | null]>([
    ['where it stands', 'const f = () => 1; $(f)', 'src/a.ts () => 1'],
    [
      'in another file',
      { 'src/b.ts': 'export const f = () => 2;', 'src/a.ts': "import { f } from './b'; $(f)" },
      'src/b.ts () => 2',
    ],
    [
      'in an object of another file',
      {
        'src/b.ts': 'export const users = { find() { return 3 } };',
        'src/a.ts': "import { users } from './b'; $(users.find)",
      },
      'src/b.ts () { return 3 }',
    ],
    [
      'in a file as a whole',
      { 'src/b.js': 'exports.find = (req, res) => res.end();', 'src/a.ts': "import * as b from './b.js'; $(b.find)" },
      'src/b.js (req, res) => res.end()',
    ],
    [
      'as a method of an instance',
      {
        'src/b.ts': 'export class Users { find() { return 4 } }',
        'src/a.ts': "import { Users } from './b'; const u = new Users(); $(u.find)",
      },
      'src/b.ts () { return 4 }',
    ],
    [
      'as a method of what is injected',
      {
        'src/b.ts': 'export class Users { find() { return 5 } }',
        'src/a.ts':
          "import { Users } from './b'; class A { constructor(private users: Users) {} f() { $(this.users.find) } }",
      },
      'src/b.ts () { return 5 }',
    ],
    ['nowhere, for a value', 'const f = 1; $(f)', null],
    ['nowhere, for what a module gives', "import { f } from 'pg'; $(f)", null],
  ])('%s', (_title, texts, expected) => expect(defined(texts)).toBe(expected));
});
