import type { DatabaseClient, ExportedInstance, Fact, Profile, RedisClient } from '../model.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import type { FoundInstance } from './instances.ts';
import { inside } from './paths.ts';
import { dependsOn, exists, type Scene } from './scene.ts';

const databases: readonly { value: DatabaseClient; packages: readonly string[]; instead: (scene: Scene) => boolean }[] =
  [
    {
      value: 'drizzle',
      packages: ['drizzle-orm'],
      instead: (scene) =>
        /dialect:\s*['"](mysql|sqlite|turso|singlestore)|driver:\s*['"](mysql2|better-sqlite|libsql|d1)/.test(
          drizzleConfig(scene)?.text ?? '',
        ),
    },
    {
      value: 'prisma',
      packages: ['@prisma/client', 'prisma'],
      instead: (scene) => /provider\s*=\s*"(mysql|sqlite|mongodb|sqlserver)"/.test(prismaSchema(scene) ?? ''),
    },
    {
      value: 'kysely',
      packages: ['kysely'],
      instead: (scene) =>
        dependsOn(scene, 'pg', 'postgres', '@neondatabase/serverless') === null &&
        dependsOn(scene, 'mysql2', 'better-sqlite3', 'tedious') !== null,
    },
    { value: 'pg', packages: ['pg', '@neondatabase/serverless', '@vercel/postgres'], instead: () => false },
    { value: 'postgres', packages: ['postgres'], instead: () => false },
    { value: 'supabase', packages: ['@supabase/supabase-js'], instead: () => false },
  ];
const databaseNames = databases.map(({ value }) => value);

/** The Postgres client or ORM: what the code exports an instance of, else what package.json depends on. */
export function databaseOf(scene: Scene, instances: readonly FoundInstance[]): Fact<DatabaseClient | null> {
  const exported = databaseNames.flatMap((name) =>
    instances.flatMap(({ client, evidence }) => (client === name ? [{ value: name, evidence }] : [])),
  );
  const declared = databases.flatMap(({ value, packages, instead }) => {
    const evidence = dependsOn(scene, ...packages);
    return evidence && !instead(scene) ? row(value, evidence) : [];
  });
  return decide<DatabaseClient | null>([...exported, ...declared], {
    value: null,
    evidence: assumed('package.json depends on no Postgres client', 'certain'),
  });
}

const redisNames: readonly RedisClient[] = ['ioredis', 'redis', 'upstash'];

/** The Redis client, likewise. */
export function redisOf(scene: Scene, instances: readonly FoundInstance[]): Fact<RedisClient | null> {
  const exported = redisNames.flatMap((name) =>
    instances.flatMap(({ client, evidence }) => (client === name ? [{ value: name, evidence }] : [])),
  );
  const declared = redisNames.flatMap((name) =>
    row(name, dependsOn(scene, name === 'upstash' ? '@upstash/redis' : name)),
  );
  return decide<RedisClient | null>([...exported, ...declared], {
    value: null,
    evidence: assumed('package.json depends on no Redis client', 'certain'),
  });
}

/** The exported instance of a client that a module may share. */
export function instanceOf(
  instances: readonly FoundInstance[],
  client: FoundInstance['client'] | null,
): Fact<ExportedInstance | null> {
  const mine: Candidate<ExportedInstance>[] = instances
    .filter((one) => one.client === client)
    .map(({ value, evidence }) => ({ value, evidence }));
  return decide<ExportedInstance | null>(mine, { value: null, evidence: assumed('no file exports one', 'likely') });
}

/** The job queue. */
export function queueOf(scene: Scene): Fact<string | null> {
  const names = [
    'bullmq',
    'bull',
    'pg-boss',
    'graphile-worker',
    'inngest',
    '@temporalio/client',
    '@trigger.dev/sdk',
    'agenda',
    'bee-queue',
    'amqplib',
    'kafkajs',
    '@aws-sdk/client-sqs',
  ];
  return decide<string | null>(
    names.flatMap((name) => row(name, dependsOn(scene, name))),
    { value: null, evidence: assumed('package.json depends on no queue', 'certain') },
  );
}

function drizzleConfig({ tree }: Scene): { file: string; text: string } | null {
  const file = ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.mjs', 'drizzle.config.json'].find((name) =>
    tree.has(name),
  );
  return file === undefined ? null : { file, text: tree.read(file) ?? '' };
}

function prismaSchema({ tree }: Scene): string | null {
  return tree.read('prisma/schema.prisma') ?? tree.read('schema.prisma') ?? tree.read('prisma/schema/schema.prisma');
}

type Migrations = Profile['migrations']['value'];

/** Where migrations lie, and in whose format; a plain folder where no tool has one. */
export function migrationsOf(scene: Scene): Profile['migrations'] {
  const { tree } = scene;
  const drizzle = drizzleConfig(scene);
  const out = inside(/["']?out["']?\s*:\s*["'`]([^"'`]+)["'`]/.exec(drizzle?.text ?? '')?.[1] ?? 'drizzle');
  const prisma = exists(
    scene,
    'prisma/schema.prisma',
    'prisma/migrations/migration_lock.toml',
    'prisma/schema/schema.prisma',
  );
  const supabase =
    exists(scene, 'supabase/config.toml') ??
    (tree.list('supabase/migrations').length > 0
      ? seen('supabase/migrations', null, 'supabase/migrations exists')
      : null);
  const kysely = ['migrations', 'src/migrations', 'src/db/migrations', 'db/migrations', 'src/database/migrations'];
  const holder = kysely.find((folder) => tree.list(folder).length > 0);
  return decide<Migrations>(
    [
      ...row<Migrations>(
        { folder: out ?? 'drizzle', tool: 'drizzle' },
        drizzle && seen(drizzle.file, null, `${drizzle.file} writes its migrations to ${out}`),
      ),
      ...row<Migrations>(
        { folder: 'prisma/migrations', tool: 'prisma' },
        dependsOn(scene, 'prisma', '@prisma/client') ? prisma : null,
      ),
      ...row<Migrations>({ folder: 'supabase/migrations', tool: 'supabase' }, supabase),
      ...row<Migrations>({ folder: holder ?? 'migrations', tool: 'kysely' }, dependsOn(scene, 'kysely')),
      ...row<Migrations>(
        { folder: holder ?? 'migrations', tool: 'plain' },
        holder === undefined ? null : seen(holder, null, `the folder ${holder} exists`, 'likely'),
      ),
    ],
    { value: { folder: 'migrations', tool: 'plain' }, evidence: assumed('no migration tool') },
  );
}
