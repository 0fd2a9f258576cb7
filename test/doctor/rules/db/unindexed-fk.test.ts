import { expect, test } from 'vitest';
import { unindexedFk } from '../../../../src/doctor/rules/db/unindexed-fk.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const prisma = (models: string, provider = 'postgresql'): { files: Record<string, string> } => ({
  files: {
    'package.json': manifest('@prisma/client'),
    'prisma/schema.prisma': `datasource db {\n  provider = "${provider}"\n}\nmodel User {\n  id Int @id\n}\n${models}`,
  },
});
const sql = (one: string, two = ''): { files: Record<string, string> } => ({
  files: { 'package.json': manifest('pg'), 'migrations/1.sql': one, 'migrations/2.sql': two },
});
const drizzle = (table: string): { files: Record<string, string> } => ({
  files: {
    'package.json': manifest('drizzle-orm', 'pg'),
    'src/schema.ts': `import { bigint, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: uuid().primaryKey() });\n${table}`,
  },
});
const users = 'CREATE TABLE users (id bigint PRIMARY KEY);\n';

ruleTest(unindexedFk, {
  hits: {
    'Prisma’s, where the migrations made a partial index of some rows, a unique key that ends with it, and one that is gone':
      {
        files: {
          ...prisma(
            `model Post {\n  id Int @id\n  kind Int\n  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n}\n`,
          ).files,
          'prisma/migrations/1_start/migration.sql': `${users}CREATE TABLE "Post" (id bigint PRIMARY KEY, kind int, "authorId" bigint REFERENCES users);\nCREATE INDEX post_kind ON "Post" ("authorId") WHERE kind IS NOT NULL;\nCREATE INDEX post_author ON "Post" ("authorId");\nALTER TABLE "Post" ADD CONSTRAINT post_key UNIQUE (kind, "authorId");\n`,
          'prisma/migrations/2_more/migration.sql': 'DROP INDEX post_author;\n',
        },
        at: ['prisma/schema.prisma:11'],
      },
    'TypeORM’s relation, on PostgreSQL': {
      files: {
        'package.json': manifest('typeorm', 'pg'),
        'src/book.entity.ts': `@Entity()\nexport class BookEntity {\n  @PrimaryGeneratedColumn()\n  id: number;\n\n  @ManyToOne(() => AuthorEntity, (author) => author.books)\n  author: AuthorEntity;\n}\n`,
      },
      at: ['src/book.entity.ts:6'],
    },
    'many tables, told once': {
      ...prisma(
        ['A', 'B', 'C', 'D']
          .map(
            (name) =>
              `model ${name} {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n`,
          )
          .join(''),
      ),
      at: ['prisma/schema.prisma:10'],
    },
    'a copy that a generator wrote, beside the tables in use': {
      files: {
        'package.json': manifest('drizzle-orm', 'pg'),
        'copied.ts': `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', {\n  userId: uuid('user_id').references(() => users.id),\n});\n`,
        'src/posts.ts': `import { pgTable, uuid } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', {\n  userId: uuid('user_id').references(() => users.id),\n});\n`,
        'src/index.ts': `import { posts } from './posts.js';\nexport const all = (db) => db.select().from(posts).limit(5);\n`,
      },
      at: ['src/posts.ts:3'],
    },
    'Prisma’s relation': {
      ...prisma(
        `model Post {\n  id Int @id\n  authorId Int\n  author User @relation(fields: [authorId], references: [id], onDelete: Cascade)\n  @@index([id, authorId])\n}\n`,
      ),
      at: ['prisma/schema.prisma:10'],
    },
    'SQL: beside the column, and apart': {
      ...sql(
        `${users}CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n`,
        'ALTER TABLE posts ADD editor_id bigint;\nALTER TABLE posts ADD FOREIGN KEY (editor_id) REFERENCES users (id) NOT VALID;\n',
      ),
      at: ['migrations/2.sql:2'],
    },
    'the second column of a key': {
      ...sql(
        `${users}CREATE TABLE likes (post_id bigint, user_id bigint REFERENCES users, PRIMARY KEY (post_id, user_id));\n`,
      ),
      at: ['migrations/1.sql:2'],
    },
    'an index that its own migration drops again': {
      ...sql(
        `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\nCREATE INDEX posts_user ON posts (user_id);\nDROP INDEX posts_user;\n`,
      ),
      at: ['migrations/1.sql:2'],
    },
    'an index of the deleted rows alone, and one of some kind of rows': {
      ...sql(
        `${users}CREATE TABLE a (deleted_at timestamptz, user_id bigint REFERENCES users);\nCREATE INDEX ON a (user_id) WHERE deleted_at IS NOT NULL;\nCREATE TABLE b (kind text, deleted_at timestamptz, user_id bigint REFERENCES users);\nCREATE INDEX b_user ON b (user_id) WHERE deleted_at IS NULL AND kind = 'x';\n`,
      ),
      at: ['migrations/1.sql:2', 'migrations/1.sql:4'],
    },
    'a schema in one file, where there are no migrations': {
      files: {
        'package.json': manifest('pg'),
        'db/schema.sql': `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\n`,
      },
      at: ['db/schema.sql:2'],
    },
    'Drizzle’s table': {
      ...drizzle(
        `export const posts = pgTable('posts', {\n  id: uuid().primaryKey(),\n  userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),\n});\n`,
      ),
      at: ['src/schema.ts:5'],
    },
  },
  clean: {
    'Prisma’s and Drizzle’s, with an index or a unique key that the migrations made': {
      files: {
        ...prisma(
          `model Post {\n  id Int @id\n  authorId Int? @map("author_ref")\n  author User? @relation(fields: [authorId], references: [id])\n  @@map("articles")\n}\n`,
        ).files,
        'package.json': manifest('@prisma/client', 'drizzle-orm', 'pg'),
        'prisma/migrations/1_start/migration.sql': `${users}CREATE TABLE articles (id bigint PRIMARY KEY, author_ref bigint REFERENCES users);\nCREATE TABLE "public"."likes" (post_id text, user_id bigint);\n`,
        'prisma/migrations/2_more/migration.sql':
          'CREATE INDEX articles_author ON articles (author_ref) WHERE author_ref IS NOT NULL;\nALTER TABLE "public"."likes" ADD CONSTRAINT likes_key UNIQUE (user_id, post_id);\n',
        'src/likes.ts': `import { pgTable, text, uuid } from 'drizzle-orm/pg-core';\nexport const likes = pgTable('likes', {\n  postId: text('post_id'),\n  userId: uuid('user_id').references(() => users.id),\n});\n`,
      },
    },
    'TypeORM’s indexes: beside it, of the class, of its own column, of a migration; and a parent that is a short list':
      {
        files: {
          'package.json': manifest('typeorm', 'pg'),
          'src/book.entity.ts': `@Entity()\n@Index(['shop', 'at'])\nexport class Book {\n  @ManyToOne(() => Author)\n  @Index()\n  author: Author;\n  @ManyToOne(() => Shop)\n  shop: Shop;\n  @Index()\n  @Column()\n  editorId: number;\n  @ManyToOne(() => Editor)\n  @JoinColumn({ name: 'editorId' })\n  editor: Editor;\n  @ManyToOne(() => Shelf)\n  shelf: Shelf;\n  @ManyToOne(() => StatusEntity)\n  status: StatusEntity;\n}\n`,
          'src/migrations/1.ts': `export class M { up(q) { return q.query('CREATE INDEX "book_shelf" ON "book" ("shelfId")'); } }\n`,
        },
      },
    'TypeORM on MySQL': {
      files: {
        'package.json': manifest('typeorm', 'mysql2'),
        'src/book.entity.ts': `@Entity()\nexport class Book {\n  @ManyToOne(() => Author)\n  author: Author;\n}\n`,
      },
    },
    'Prisma: a parent that is a short list': prisma(
      'model Role {\n  id Int @id\n}\nmodel Post {\n  id Int @id\n  roleId Int\n  role Role @relation(fields: [roleId], references: [id])\n}\n',
    ),
    'Prisma’s index, unique and key': prisma(
      `model Post {\n  authorId Int\n  editorId Int @unique\n  author User @relation("a", fields: [authorId], references: [id])\n  editor User @relation("b", fields: [editorId], references: [id])\n  @@id([authorId, editorId])\n}\nmodel Note {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n  @@index(fields: [userId(sort: Desc), id])\n}\n`,
    ),
    'a dump beside migrations': {
      files: {
        'package.json': manifest('pg'),
        'migrations/1.sql': `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\nCREATE INDEX ON posts (user_id);\n`,
        'db/schema.sql': `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\n`,
      },
    },
    'MySQL makes it itself': prisma(
      'model Post {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n',
      'mysql',
    ),
    'SQL: an index of a later file': sql(
      `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\n`,
      'CREATE INDEX ON posts (user_id, at);\n',
    ),
    'SQL: an index that a later migration drops on purpose': sql(
      `${users}CREATE TABLE posts (user_id bigint REFERENCES users);\nCREATE INDEX posts_user ON posts (user_id);\n`,
      'DROP INDEX posts_user;\n',
    ),
    'SQL: an index of the rows that are not deleted, or that have the column': sql(
      `${users}CREATE TABLE a (deleted_at timestamptz, user_id bigint REFERENCES users);\nCREATE INDEX ON a (user_id) WHERE deleted_at IS NULL;\nCREATE TABLE b (user_id bigint REFERENCES users);\nCREATE INDEX ON b (user_id) WHERE user_id IS NOT NULL;\n`,
      'CREATE TABLE c (deleted_at timestamptz, user_id bigint REFERENCES users);\nCREATE INDEX IF NOT EXISTS "c_user" ON c (user_id) WHERE deleted_at IS NULL AND user_id IS NOT NULL;\n',
    ),
    'SQL: unique, and a table that is gone': sql(
      `${users}CREATE TABLE a (user_id bigint UNIQUE REFERENCES users);\nCREATE TABLE b (user_id bigint REFERENCES users);\n`,
      'DROP TABLE b;\n',
    ),
    'Drizzle’s indexes': drizzle(
      `export const posts = pgTable('posts', {\n  id: uuid().primaryKey().references(() => users.id),\n  userId: uuid().references(() => users.id),\n  ownerId: uuid().references(() => users.id),\n}, (table) => [index('posts_user').on(table.userId, table.id), primaryKey({ columns: [table.ownerId, table.id] })]);\n`,
    ),
  },
});

const relation = (column: string, to = 'User'): string =>
  `  ${column} Int\n  ${column}Of ${to} @relation(fields: [${column}], references: [id])\n`;
test.each([
  ['likely', 'a table that grows', `model Post {\n  id Int @id\n${relation('authorId')}}\n`],
  ['hint', 'who did it', `model Post {\n  id Int @id\n${relation('approvedById')}}\n`],
  ['hint', 'a table that may stay small', `model Warehouse {\n  id Int @id\n${relation('bossId')}}\n`],
  ['hint', 'a short list', `model Price {\n  id Int @id\n${relation('ownerId')}}\n`],
  [
    'likely',
    'what belongs to each of a table that grows',
    `model Post {\n  id Int @id\n}\nmodel Wording {\n  id Int @id\n${relation('postId', 'Post')}}\n`,
  ],
] as const)('is a %s: %s', (confidence, _title, models) => {
  const { findings } = examineTexts(prisma(models).files, [unindexedFk]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});

const table = (name: string, indices: string): string =>
  `export class One {\n  async up(runner) {\n    await runner.createTable(new Table({\n      name: '${name}',\n      columns: [{ name: 'id' }, { name: 'owner_id' }],\n      ${indices}\n      foreignKeys: [{ columnNames: ['owner_id'], referencedTableName: 'users' }],\n    }));\n  }\n}\n`;
const indices = "indices: [{ name: 'by_owner', columnNames: ['owner_id'] }],";

test.each([
  ['under its entity’s name', table('api_keys', indices), []],
  ['of another table', table('webhooks', indices), ['src/key.entity.ts']],
  ['only as a foreign key', table('api_keys', ''), ['src/key.entity.ts']],
])('reads the indexes that a migration makes with the table: %s', (_title, migration, told) => {
  const files = {
    'package.json': manifest('typeorm', 'pg'),
    'migrations/1-one.ts': migration,
    'src/key.entity.ts': `@Entity({ name: 'api_keys' })\nexport class Key {\n  @ManyToOne(() => User)\n  @JoinColumn({ name: 'owner_id' })\n  owner: User;\n}\n`,
  };
  const { findings } = examineTexts(files, [unindexedFk]);
  expect(findings.map(({ path }) => path).filter((path) => path?.endsWith('.entity.ts'))).toEqual(told);
});

const ofUser = (url: string, ...names: string[]): string =>
  `datasource db {\n  provider = "postgresql"\n  url = env("${url}")\n}\nmodel User {\n  id Int @id\n}\n${names
    .map(
      (name) =>
        `model ${name} {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n`,
    )
    .join('')}`;

test('adds up no keys of different databases, and none of samples', () => {
  const files = {
    'package.json': manifest('@prisma/client'),
    'a/prisma/schema.prisma': ofUser('A_URL', 'Order', 'Post'),
    'b/prisma/schema.prisma': ofUser('B_URL', 'Message', 'Comment'),
    'src/samples/shop.prisma': ofUser('DATABASE_URL', 'Invoice', 'Event'),
  };
  const { findings } = examineTexts(files, [unindexedFk]);
  expect(findings.map(({ path }) => path)).toEqual([
    'a/prisma/schema.prisma',
    'a/prisma/schema.prisma',
    'b/prisma/schema.prisma',
    'b/prisma/schema.prisma',
  ]);
});

test('tells once of what both an entity and a migration say', () => {
  const files = {
    'package.json': manifest('typeorm', 'pg'),
    'src/post.entity.ts': `@Entity()\nexport class PostEntity {\n  @ManyToOne(() => UserEntity)\n  @JoinColumn({ name: 'user_id' })\n  user: UserEntity;\n}\n`,
    'src/migrations/1700000000000-a.ts': `export class A implements MigrationInterface {\n  async up(queryRunner: QueryRunner) {\n    await queryRunner.query('CREATE TABLE posts (id uuid PRIMARY KEY, user_id uuid REFERENCES users (id))');\n  }\n}\n`,
  };
  expect(examineTexts(files, [unindexedFk]).findings.map(({ path }) => path)).toEqual(['src/post.entity.ts']);
});

const visits = prisma(
  'model Visit {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n',
).files;
const asking = (query: string): string => `export const run = (db, userId) => db.${query};\n`;

test.each<[string, string, Record<string, string>]>([
  ['likely', 'no code of it is known', {}],
  ['likely', 'code asks by it', { 'src/a.ts': asking('visit.findMany({ where: { userId } })') }],
  [
    'likely',
    'code takes the rows with their parent',
    { 'src/a.ts': asking('user.findMany({ include: { visits: true } })') },
  ],
  ['likely', 'code deletes a parent', { 'src/a.ts': asking('user.delete({ where: { id: 1 } })') }],
  [
    'likely',
    'another package asks',
    {
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
      'apps/a/package.json': '{ "name": "a" }',
      'apps/a/src/a.ts': asking('visit.findMany({ where: { userId } })'),
    },
  ],
  [
    'hint',
    'another package asks for other things',
    {
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
      'apps/a/package.json': '{ "name": "a" }',
      'apps/a/src/a.ts': asking('visit.findMany({ take: 5 })'),
    },
  ],
  ['hint', 'code asks others by a key of that name', { 'src/a.ts': asking('card.findMany({ where: { userId } })') }],
  ['hint', 'code takes the parent of others', { 'src/a.ts': asking('visit.findMany({ include: { user: true } })') }],
  [
    'likely',
    'code takes the rows with what they link',
    {
      'src/a.ts': asking('shop.findAll({ include: [{ model: User }] })'),
      'src/shop.ts': `export const link = (Shop, User) => Shop.belongsToMany(User, { through: 'Visits', foreignKey: 'shopId' });\n`,
    },
  ],
  [
    'hint',
    'code deletes all parents, or only puts them away',
    {
      'package.json': manifest('@prisma/client', 'sequelize'),
      'src/a.ts': `import { Sequelize } from 'sequelize';\nexport const db = new Sequelize(url, { define: { paranoid: true } });\nexport const drop = () => db.user.destroy({ where: { id: 1 } });\n`,
      'src/b.ts': asking('user.deleteMany()'),
    },
  ],
  [
    'hint',
    'code asks by it beside the primary key',
    { 'src/a.ts': asking('visit.deleteMany({ where: { id: 5, userId } })') },
  ],
  [
    'hint',
    'code asks by it beside the primary key in words',
    {
      'src/a.ts': `export const move = (db) =>\n  db.query('SELECT v.* FROM visit v').where('id = :id and "userId" = :userId').execute();\n`,
    },
  ],
  [
    'likely',
    'code asks by it or by the primary key in words',
    {
      'src/a.ts': `export const move = (db) => db.query('visit').where('id = :id or "userId" = :userId').execute();\n`,
    },
  ],
  ['hint', 'code asks for other things', { 'src/a.ts': asking('visit.findMany({ take: 5 })') }],
])('a key is a %s where %s', (confidence, _title, texts) => {
  const { findings, failures } = examineTexts({ ...visits, ...texts }, [unindexedFk]);
  expect(failures).toEqual([]);
  expect(findings.map((one) => one.confidence)).toEqual([confidence]);
});
