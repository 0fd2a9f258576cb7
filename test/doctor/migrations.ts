import { type Case, manifest, type Texts } from './rule.ts';

/** The shop's first migration, applied long ago. */
const first = `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(100) NOT NULL, name text, born timestamp, balance numeric(10,2), plan mood);
CREATE TABLE orders (id uuid PRIMARY KEY, user_id bigint, note varchar(50), total int4, state text);
CREATE INDEX orders_state ON orders (state);
`;

/** A project of plain SQL migrations that a driver applies: the first, and this one behind it. */
export const plain = (sql: string, more: Texts = {}): Case => ({
  files: {
    'package.json': manifest('pg'),
    'migrations/0001_init.sql': first,
    'migrations/0002_next.sql': sql,
    ...more,
  },
});

/** The same with Drizzle, which runs a file in one transaction. */
export const drizzle = (sql: string, more: Texts = {}): Case => ({
  files: {
    'package.json': manifest('pg', 'drizzle-orm'),
    'drizzle.config.ts': `export default { dialect: 'postgresql', out: './drizzle' };\n`,
    'drizzle/meta/_journal.json': `{ "entries": [{ "idx": 0, "tag": "0000_init" }, { "idx": 1, "tag": "0001_next" }] }`,
    'drizzle/0000_init.sql': first,
    'drizzle/0001_next.sql': sql,
    ...more,
  },
});

/** The same with Prisma. */
export const prisma = (sql: string, more: Texts = {}): Case => ({
  files: {
    'package.json': manifest('@prisma/client@^6.1.0', 'prisma@^6.1.0'),
    'prisma/schema.prisma': `datasource db {\n  provider = "postgresql"\n}\n`,
    'prisma/migrations/20240101000000_init/migration.sql': first,
    'prisma/migrations/20240202000000_next/migration.sql': sql,
    ...more,
  },
});

/** Where the lines of the second migration are. */
export const at = {
  plain: (line: number): string => `migrations/0002_next.sql:${line}`,
  drizzle: (line: number): string => `drizzle/0001_next.sql:${line}`,
  prisma: (line: number): string => `prisma/migrations/20240202000000_next/migration.sql:${line}`,
};
