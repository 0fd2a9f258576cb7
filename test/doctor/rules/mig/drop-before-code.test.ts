import { expect, test } from 'vitest';
import { dropBeforeCode } from '../../../../src/doctor/rules/mig/drop-before-code.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { examineTexts, ruleTest } from '../../rule.ts';

ruleTest(dropBeforeCode, {
  hits: {
    'a column that a query still names': {
      ...plain(`ALTER TABLE users DROP COLUMN email;\n`, {
        'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
      }),
      at: [at.plain(1)],
    },
    'a column that the model still declares': {
      ...prisma(`ALTER TABLE "orders" DROP COLUMN "user_id";\n`, {
        'prisma/schema.prisma': `datasource db {\n  provider = "postgresql"\n}\nmodel orders {\n  id String @id\n  user_id BigInt?\n}\n`,
      }),
      at: [at.prisma(1)],
    },
    'a table that is still asked': {
      ...plain(`DROP TABLE IF EXISTS users;\n`, {
        'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
      }),
      at: [at.plain(1)],
    },
    'what no file names any more: a hint': {
      ...plain(`ALTER TABLE users DROP COLUMN balance;\n`, {
        'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
      }),
      at: [at.plain(1)],
    },
    'another model has a field of that name: a hint': {
      ...prisma('ALTER TABLE "orders" DROP COLUMN "user_id";\n', {
        'prisma/schema.prisma':
          'datasource db {\n  provider = "postgresql"\n}\nmodel orders {\n  id String @id\n}\nmodel notes {\n  user_id BigInt\n}\n',
      }),
      at: [at.prisma(1)],
    },
    'a model of a class that still declares it': {
      ...plain('ALTER TABLE users DROP COLUMN email;\nALTER TABLE orders DROP COLUMN note;\n', {
        'src/user.ts': `@Entity({ name: 'users' })\nexport class User {\n  @Column({ length: 100 }) email!: string;\n}\n`,
        'src/order.ts': `Order.init({ note: DataTypes.TEXT }, { sequelize, tableName: 'orders' });\n`,
      }),
      at: [at.plain(1), at.plain(2)],
    },
    'a column that comes back later: a hint': {
      ...plain('ALTER TABLE users DROP COLUMN email;\n', {
        'src/users.ts': `export const find = (db) => db.query('SELECT email, name FROM users');\n`,
        'migrations/0003_back.sql': 'ALTER TABLE users ADD COLUMN email text;\n',
      }),
      at: [at.plain(1)],
    },
    'a table of that name in another database: a hint': {
      ...plain('DROP TABLE users;\n', {
        'src/users.ts': `import { clickhouse } from './db.js';\nexport const find = () => clickhouse.query('SELECT email FROM users');\n`,
      }),
      at: [at.plain(1)],
    },
    'Drizzle’s table, a builder of queries': {
      ...plain('ALTER TABLE users DROP COLUMN email;\nALTER TABLE orders DROP COLUMN note;\n', {
        'src/schema.ts': `export const users = pgTable('users', {\n  mail: text('email'),\n});\n`,
        'src/orders.ts': `export const list = () => supabase.from('orders').select('id, note');\n`,
      }),
      at: [at.plain(1), at.plain(2)],
    },
  },
  clean: {
    'a table of the same file': plain(`CREATE TABLE tmp (id int);\nDROP TABLE tmp;\n`, {
      'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
    }),
    'dropped and made anew': plain(`DROP TABLE IF EXISTS users;\nCREATE TABLE users (id bigint);\n`, {
      'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
    }),
    'silenced for squawk': plain(`-- squawk-ignore ban-drop-column\nALTER TABLE users DROP COLUMN email;\n`, {
      'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
    }),
    'a file that takes back': plain(`SELECT 1;\n`, {
      'src/users.ts': `import { db } from './db.js';\nexport const find = () => db.query('SELECT email, name FROM users');\n`,
      'migrations/0002_next.down.sql': 'ALTER TABLE users DROP COLUMN email;',
    }),
  },
});

const schema = (...models: string[]): string =>
  `datasource db {\n  provider = "postgresql"\n}\n${models.map((name) => `model ${name} {\n  id BigInt @id\n}\n`).join('')}`;

test.each([
  ['only another package’s schema still has it', schema('notes'), 'hint'],
  ['the schema beside the migrations still has it', schema('notes', 'orders'), 'likely'],
])('reads the schema of Prisma that the migrations are of: %s', (_title, own, confidence) => {
  const { files } = prisma('DROP TABLE "orders";\n', {
    'prisma/schema.prisma': own,
    'packages/shop/prisma/schema.prisma': schema('orders'),
  });
  expect(examineTexts(files, [dropBeforeCode]).findings.map((one) => one.confidence)).toEqual([confidence]);
});

test.each([
  [
    'another table’s column in a part of a query',
    `db.selectFrom('orders').select((one) => [\n  'orders.note',\n  one.selectFrom('users').whereRef('users.orderId', '=', 'orders.note').as('count'),\n]);`,
    'hint',
  ],
  ['another statement’s', `db.updateTable('users').set({ name });\ndb.selectFrom('orders').select('note');`, 'hint'],
  ['another table’s in SQL', `db.query('SELECT o.note FROM orders o JOIN users u ON u.id = o.user_id');`, 'hint'],
  [
    'the table’s own, by its alias in SQL',
    `db.query('SELECT u.note FROM orders o JOIN users u ON u.id = o.user_id');`,
    'likely',
  ],
  [
    'the table’s own, with its name before it',
    `db.selectFrom('users').select(['users.note', 'users.name']);`,
    'likely',
  ],
  [
    'the table’s own, by its alias',
    `db.selectFrom('users as u').innerJoin('orders as o', 'o.id', 'u.note');`,
    'likely',
  ],
  ['the table’s own, before it', `db.select('note').from('users');`, 'likely'],
  ['the table’s own, that is written', `db('users').insert({ id, note });`, 'likely'],
])('matches table and column together: %s', (_title, code, confidence) => {
  const { files } = plain('ALTER TABLE users DROP COLUMN note;\n', {
    'src/users.ts': `import { db } from './db.js';\n${code}\n`,
  });
  expect(examineTexts(files, [dropBeforeCode]).findings.map((one) => one.confidence)).toEqual([confidence]);
});
