import { enumValueUsedSameTx } from '../../../../src/doctor/rules/mig/enum-value-used-same-tx.ts';
import { at, drizzle, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(enumValueUsedSameTx, {
  hits: {
    'a default': {
      ...prisma(`ALTER TYPE "mood" ADD VALUE 'calm';\nALTER TABLE "users" ALTER COLUMN "plan" SET DEFAULT 'calm';\n`),
      at: [at.prisma(2)],
    },
    rows: {
      ...drizzle(
        `ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';--> statement-breakpoint\nUPDATE users SET plan = 'calm' WHERE plan IS NULL;\n`,
      ),
      at: [at.drizzle(2)],
    },
    'between BEGIN and COMMIT': {
      ...plain(`BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO users (plan) VALUES ('calm'::mood);\nCOMMIT;\n`),
      at: [at.plain(3)],
    },
    'a type that the file makes, before PostgreSQL 17: a hint': {
      ...drizzle(
        `CREATE TYPE mode AS ENUM ('a');\nALTER TYPE mode ADD VALUE 'b';\nCREATE TABLE t (m mode DEFAULT 'b');\n`,
      ),
      at: [at.drizzle(3)],
    },
  },
  clean: {
    'added alone': prisma(`ALTER TYPE mood ADD VALUE 'calm';\n`),
    'another transaction': plain(`ALTER TYPE mood ADD VALUE 'calm';\nUPDATE users SET plan = 'calm' WHERE id = 1;\n`),
    'a value added to a type that is older than the file, used in a comment only': drizzle(
      `ALTER TYPE mood ADD VALUE 'calm';\nCOMMENT ON TABLE users IS 'calm';\n`,
    ),
    'a value that was there before': drizzle(
      `ALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE users ALTER plan SET DEFAULT 'sad';\n`,
    ),
  },
});
