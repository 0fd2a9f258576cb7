import { expect, test } from 'vitest';
import { offsetPagination } from '../../../../src/doctor/rules/db/offset-pagination.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

ruleTest(offsetPagination, {
  hits: {
    'Prisma’s skip': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/a.ts': `export const page = (prisma, page) => prisma.user.findMany({ skip: (page - 1) * 20, take: 20 });\n`,
      },
      at: ['src/a.ts:1'],
    },
    'Drizzle’s and Mongoose’s, told once': {
      files: {
        'package.json': manifest('drizzle-orm', 'mongoose'),
        'src/a.ts': `export const page = (db, offset) => db.select().from(users).limit(20).offset(offset);\n`,
        'src/b.ts': `export const page = (skip) => Message.find({ on: true }).skip(skip).limit(20);\n`,
      },
      at: ['src/b.ts:1'],
    },
    'a whole table, page by page': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/stream.ts': `export async function all(prisma, each) {\n  let from = 0;\n  while (true) {\n    const rows = await prisma.entry.findMany({ skip: from, take: 100 });\n    if (rows.length === 0) return;\n    rows.forEach(each);\n    from += rows.length;\n  }\n}\n`,
      },
      at: ['src/stream.ts:4'],
    },
    'a list that is small, or that few people turn: a hint': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/admin/events.ts': `export const page = (prisma, page) => prisma.event.findMany({ skip: (page - 1) * 20, take: 20 });\n`,
        'src/members.ts': `export const page = (prisma, page) => prisma.member.findMany({ skip: (page - 1) * 20, take: 20 });\n`,
      },
      at: ['src/admin/events.ts:1'],
    },
    SQL: {
      files: {
        'package.json': manifest('pg'),
        'src/a.ts': `export const page = (pool, n) => pool.query('SELECT * FROM users ORDER BY id LIMIT $1 OFFSET $2', [20, n]);\n`,
      },
      at: ['src/a.ts:1'],
    },
  },
  clean: {
    'from the last row': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/a.ts': `export const page = (prisma, id) => prisma.user.findMany({ cursor: { id }, skip: id ? 1 : 0, take: 20 });\n`,
      },
    },
    'a constant': {
      files: {
        'package.json': manifest('drizzle-orm'),
        'src/a.ts': `export const second = (db) => db.select().from(users).limit(1).offset(1);\n`,
      },
    },
    'skip of something else': {
      files: {
        'package.json': manifest('@prisma/client'),
        'src/a.ts': `export const skip = (list, offset) => list.slice(offset);\nlogger.find({ skip: offset });\n`,
      },
    },
  },
});

const page = 'skip: (page - 1) * 20, take: 20';
const walk =
  'let page = 1;\n  while (true) {\n    const rows = await prisma.event.findMany({ where: { userId }, skip: page * 20, take: 20 });\n    if (rows.length === 0) return prisma.event.count();\n    page++;\n  }';

test.each([
  ['hint', 'the pages of all events', `return prisma.event.findMany({ ${page} });`],
  ['likely', 'a walk to the end, whoever owns the rows and counts them', walk],
] as const)('is %s: %s', (confidence, _title, body) => {
  const texts = {
    'package.json': manifest('@prisma/client'),
    'src/a.ts': `export async function list(prisma, page, kind, userId) {\n  ${body}\n}\n`.replace(
      'prisma, page,',
      body === walk ? 'prisma,' : 'prisma, page,',
    ),
  };
  const { findings, failures } = examineTexts(texts, [offsetPagination]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
