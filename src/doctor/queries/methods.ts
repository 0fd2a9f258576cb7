import type { QueryKind } from './query.ts';

type Rows = readonly (readonly [kind: QueryKind, methods: string])[];

const table = (rows: Rows): ReadonlyMap<string, QueryKind> =>
  new Map(rows.flatMap(([kind, methods]) => methods.split(' ').map((method) => [method, kind] as const)));

/** The methods of a Prisma model, and of Drizzle's `db.query`. */
export const prismaMethods = table([
  ['one', 'findUnique findUniqueOrThrow findFirst findFirstOrThrow'],
  ['many', 'findMany'],
  ['number', 'count aggregate groupBy'],
  ['create', 'create createMany createManyAndReturn'],
  ['update', 'update updateMany upsert'],
  ['delete', 'delete deleteMany'],
]);

export const mongooseMethods = table([
  ['one', 'findOne findById exists'],
  ['many', 'find'],
  ['number', 'count countDocuments estimatedDocumentCount aggregate'],
  ['create', 'create insertMany'],
  ['update', 'findByIdAndUpdate findOneAndUpdate updateOne updateMany'],
  ['delete', 'deleteOne deleteMany findByIdAndDelete'],
]);

/** MongoDB's own driver, on a collection. */
export const mongodbMethods = table([
  ['one', 'findOne'],
  ['many', 'find'],
  ['number', 'countDocuments aggregate'],
  ['create', 'insertOne insertMany insert'],
  ['update', 'updateOne updateMany findOneAndUpdate replaceOne'],
  ['delete', 'deleteOne deleteMany'],
]);

export const sequelizeMethods = table([
  ['one', 'findOne findByPk'],
  ['many', 'findAll findAndCountAll'],
  ['number', 'count'],
  ['create', 'create bulkCreate'],
  ['update', 'update'],
  ['delete', 'destroy'],
]);

export const typeormMethods = table([
  ['one', 'findOne findOneBy findOneOrFail findOneByOrFail exists existsBy exist'],
  ['many', 'find findBy findAndCount findAndCountBy'],
  ['number', 'count countBy'],
  ['create', 'save insert'],
  ['update', 'update'],
  ['delete', 'delete remove clear'],
]);

export const kyselyMethods = table([
  ['many', 'selectFrom'],
  ['create', 'insertInto'],
  ['update', 'updateTable'],
  ['delete', 'deleteFrom'],
]);

export const drizzleMethods = table([
  ['create', 'insert'],
  ['update', 'update'],
  ['delete', 'delete'],
]);
