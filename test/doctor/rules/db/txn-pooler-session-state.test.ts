import { txnPoolerSessionState } from '../../../../src/doctor/rules/db/txn-pooler-session-state.ts';
import { manifest, ruleTest } from '../../rule.ts';

const env = (url: string): Record<string, string> => ({
  'package.json': manifest('pg', 'postgres'),
  '.env.example': `DATABASE_URL=${url}\n`,
});
const pooler = 'postgres://u:p@aws-0-eu.pooler.supabase.com:6543/postgres';
const neon = 'postgres://u:p@ep-cool-rain-1-pooler.eu-central-1.aws.neon.tech/db';

ruleTest(txnPoolerSessionState, {
  hits: {
    'an advisory lock of the session': {
      files: {
        ...env(pooler),
        'src/a.ts': `export const lock = (pool) => pool.query('SELECT pg_advisory_lock($1)', [1]);\n`,
      },
      at: ['src/a.ts:1'],
    },
    'LISTEN and SET': {
      files: {
        ...env(neon),
        'src/a.ts': `export const run = async (client, id) => {\n  await client.query('LISTEN orders');\n  await client.query(\`SET app.tenant_id = '\${id}'\`);\n};\n`,
      },
      at: ['src/a.ts:2', 'src/a.ts:3'],
    },
    'statements that postgres prepares': {
      files: {
        ...env(pooler),
        'src/db.ts': `import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL);\n`,
      },
      at: ['src/db.ts:2'],
    },
    'functions on a direct address': {
      files: {
        ...env('postgres://u:p@db.abcdefgh.supabase.co:5432/postgres'),
        'vercel.json': '{}',
        'src/a.ts': `export {};\n`,
      },
      at: ['.env.example:1 warning'],
    },
    'statements that Prisma prepares': {
      files: {
        'package.json': manifest('@prisma/client'),
        '.env.example': `DATABASE_URL="${pooler}"\nDIRECT_URL=postgres://localhost:5432/db\n`,
      },
      at: ['.env.example:1 warning'],
    },
  },
  clean: {
    'a direct address of a server that a machine keeps running, beside settings of Vercel': {
      files: {
        ...env('postgres://u:p@db.abcdefgh.supabase.co:5432/postgres'),
        'vercel.json': '{}',
        'ecosystem.config.js': `module.exports = { apps: [{ script: 'src/a.js' }] };\n`,
        'src/a.ts': `export {};\n`,
      },
    },
    'Prisma that knows of the pooler': {
      files: {
        'package.json': manifest('@prisma/client'),
        '.env.example': `DATABASE_URL="${pooler}?pgbouncer=true"\n`,
      },
    },
    'the forms of the transaction': {
      files: {
        ...env(pooler),
        'src/a.ts':
          "export const run = async (tx) => {\n  await tx.query('SELECT pg_advisory_xact_lock(1)');\n  await tx.query(`SET LOCAL lock_timeout = '1s'`);\n  await tx.query('UPDATE a SET b = 1');\n};\n",
      },
    },
    'a direct connection': {
      files: {
        ...env('postgres://u:p@localhost:5432/db'),
        'src/a.ts': `export const lock = (pool) => pool.query('SELECT pg_advisory_lock($1)', [1]);\n`,
      },
    },
    'a direct connection for that work': {
      files: {
        ...env(pooler),
        'src/a.ts': `const client = new Client(process.env.DIRECT_URL);\nclient.query('LISTEN orders');\n`,
      },
    },
    'nothing prepared': {
      files: {
        ...env(pooler),
        'src/db.ts': `import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL, { prepare: false });\n`,
      },
    },
    'words that are no SQL': {
      files: { ...env(pooler), 'src/a.ts': `console.log('Listen to me', 'Set the table', 'prepare');\n` },
    },
  },
});
