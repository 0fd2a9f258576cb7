import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { isOwnOrigin, originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { alsoIn, startedFirst } from '../../files/started.ts';
import { givenTo } from '../../flow/leading.ts';
import { isTakenByFields } from '../../flow/named-fields.ts';
import { pipesOf } from '../../flow/pipes.ts';
import { isGuarded, taintOf } from '../../flow/taint.ts';
import { isWholeBody } from '../../flow/whole.ts';
import { gainOfWrite } from '../../queries/gain.ts';
import { isModel, isModelClass } from '../../queries/own-models.ts';
import { defineRule, type Words } from '../../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

const ormNames = [
  'mongoose',
  'mongodb',
  'sequelize',
  'sequelize-typescript',
  'typeorm',
  '@prisma/client',
  'prisma',
  'drizzle-orm',
  'knex',
  'objection',
  '@mikro-orm/core',
  'kysely',
  '@supabase/supabase-js',
  'marsdb',
];
/** Methods that write an object, and which of their arguments is it. */
const writers: Readonly<Record<string, readonly number[]>> = {
  create: [0],
  insert: [0],
  insertOne: [0],
  insertMany: [0],
  bulkCreate: [0],
  build: [0],
  save: [0],
  upsert: [0],
  values: [0],
  merge: [0, 1],
  findByIdAndUpdate: [1],
  findOneAndUpdate: [1],
  updateOne: [1],
  updateMany: [1],
  replaceOne: [1],
  update: [0, 1],
  set: [0],
  preload: [0],
  patch: [0],
};
const merging = /^#Object\.assign$|^lodash(\.\w+)?#(merge|assign|extend|defaultsDeep|default)$/;

/** Nest: a pipe that lets fields through that no class names, or a write that stores them. */
type Note = { path: string; start: number; end: number; isPipe: boolean };

export const massAssignment = defineRule<Note>({
  id: 'sec/mass-assignment',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'Everything that the client sends is written to the database.',
  why: 'A row is written with whatever fields the body has: `"role": "admin"`, `"verified": true`, `"balance"`, another user’s id as the owner. Forms do not have those fields; clients do not use your form. Name the fields that may be written, or check the body against a schema that leaves out the rest, and set what the server knows (owner, role, tenant) yourself, after them.',
  remedy: 'words',
  owasp: 'API3',
  securitySeverity: 8.1,
  applies: (project) => ormNames.some((one) => project.has(one)),
  mentions:
    /\.(create|insert\w*|bulkCreate|build|save|upsert|values|merge|findByIdAndUpdate|findOneAndUpdate|update\w*|replaceOne|set|preload|patch|assign|extend)\(|new (?!(Map|Set|Weak(Map|Set)|Promise|Date|RegExp|Array|URL|Proxy|\w*Error)\()[A-Z]\w*\(|\w\[[\w.]+\] = /,
  file: (source, tell, note) => {
    const say = (node: Syntax, isPipe: boolean): void =>
      note({ path: source.path, start: node.start, end: node.end, isPipe });
    const look = (node: Call): void => {
      if (node.type === 'NewExpression' && originOf(source, node.callee) === '@nestjs/common#ValidationPipe')
        say(node, true);
      const written = writtenBy(source, node);
      if (written === null) return;
      for (const value of written) {
        const found = givenTo(source, node, value).find((one) => bodyAt(one.source, one.url) !== null);
        if (!found || (node.type === 'CallExpression' && isTakenByFields(source, node, value))) continue;
        // What its class names has been checked: the pipe is to be told of, once.
        const gain = gainOfWrite(source, node, value, found, bodyAt(found.source, found.url) === 'part');
        const words = wordsFor(source, node, found.source.textOf(found.url));
        if (taintOf(found.source, found.url) === 'checked') say(node, false);
        else if (gain !== 'none')
          tell(node, gain === 'sure' && found.hops < 2 ? words : { ...words, confidence: 'hint' });
        return;
      }
    };
    return {
      CallExpression: look,
      NewExpression: look,
      AssignmentExpression(node) {
        const body = copiedBy(source, node);
        if (body === null) {
          if (isChosenField(source, node))
            tell(node, {
              message: `The client chooses the field of ${source.textOf(node.left).slice(-40)} and what is written to it: also a role, an owner or a password.`,
              fix: 'Look the field up in a list of those that may be written.',
            });
          return;
        }
        tell(node, {
          message: `${source.textOf(node.left).slice(-40)} is set for every field that the client sends (${body}): also a role, an owner or a price that no form has.`,
          fix: 'Go through a list of the fields that may be written, not through those of the body.',
        });
      },
    };
  },
  project(project, tell, notes) {
    const pipes = startedFirst(
      project,
      notes.flatMap(({ note }) => (note.isPipe ? [note] : [])),
    );
    const writes = notes.flatMap(({ note }) => (note.isPipe ? [] : [note]));
    const [first] = writes;
    if (!first || !pipes || pipesOf(project) !== 'open') return;
    const count = writes.length === 1 ? 'a write stores' : `${writes.length} writes store`;
    tell(pipes.first, {
      message: `This ValidationPipe lets fields through that no class names, and ${count} the body as a whole (the first in ${first.path}): also a role or an owner that the class does not have.${alsoIn(pipes.others)}`,
      fix: 'new ValidationPipe({ whitelist: true }): it leaves out what the class does not name.',
      severity: 'warning',
    });
  },
});

const wordsFor = (source: Source, node: Call, body: string): Words => ({
  message: `${source.textOf(node.callee).replace(/\s+/g, '').slice(-50)}() writes every field that the client sends (${body.replace(/\s+/g, ' ').slice(0, 40)}): also a role, an owner or a price that no form has.`,
  fix: 'Name the fields that may be written, or check the body against a schema that leaves out the rest.',
});

/** `for (const key of Object.keys(req.body)) user[key] = req.body[key]`: the body, where nobody asks for the key. */
function copiedBy(source: Source, { left, right }: Extract<Syntax, { type: 'AssignmentExpression' }>): string | null {
  if (left.type !== 'MemberExpression' || !left.computed || left.property.type !== 'Identifier') return null;
  const keys = keysAt(source, left.property);
  if (keys === null) return null;
  const call = constantOf(source, keys) ?? unwrap(keys);
  const isOfBody =
    isWholeBody(source, call) ||
    (call.type === 'CallExpression' && call.arguments.some((one) => isWholeBody(source, one)));
  if (!isOfBody || (call.type === 'CallExpression' && !/^Object\.(keys|entries)$/.test(source.textOf(call.callee))))
    return null;
  if (!isEntity(source, left.object) || isGuarded(source, left.property, left) || isGuarded(source, keys, left))
    return null;
  return source.textOf(right).slice(0, 40);
}

/** What a loop over keys goes through: `for (const key in body)`, `keys.forEach((key) => …)`. */
function keysAt(source: Source, key: Extract<Syntax, { type: 'Identifier' }>): Syntax | null {
  const binding = bindingOf(source, key);
  if (binding?.kind === 'parameter') {
    const call = source.parentOf(binding.scope);
    const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
    return callee?.type === 'MemberExpression' && /\.forEach$/.test(source.textOf(callee)) ? callee.object : null;
  }
  if (binding?.kind !== 'variable') return null;
  if (binding.init) return binding.path.every((one) => one === null) ? binding.init : null;
  const loop = source.parentOf(source.parentOf(binding.declaration) ?? binding.declaration);
  return loop?.type === 'ForInStatement' ? loop.right : null;
}

/** The whole body, or an object in it (`create(req.body.user)`); null for anything else. */
function bodyAt(source: Source, value: Syntax): 'whole' | 'part' | null {
  if (isWholeBody(source, value)) return 'whole';
  const inner = constantOf(source, value) ?? unwrap(value);
  return inner.type === 'MemberExpression' && !inner.computed && isWholeBody(source, inner.object) ? 'part' : null;
}

/** `user[req.body.key] = req.body.value` */
function isChosenField(source: Source, { left, right }: Extract<Syntax, { type: 'AssignmentExpression' }>): boolean {
  if (left.type !== 'MemberExpression' || !left.computed || !isEntity(source, left.object)) return false;
  const isOpen = (one: Syntax): boolean => taintOf(source, one) === 'request' && !isGuarded(source, one, left);
  return unwrap(left.property).type === 'MemberExpression' && isOpen(left.property) && isOpen(right);
}

/** The objects that a call writes to the database; null where it writes none. */
function writtenBy(source: Source, node: Call): readonly Syntax[] | null {
  if (node.type === 'NewExpression') return isModelClass(source, node.callee) ? node.arguments.slice(0, 1) : null;
  const origin = originOf(source, node.callee);
  if (origin !== null && merging.test(origin)) {
    const [target, ...rest] = node.arguments;
    const isFresh = target !== undefined && unwrap(target).type === 'ObjectExpression';
    return isFresh || !target || !isEntity(source, target) ? null : rest;
  }
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const positions = callee.property.name === 'assign' ? assignedAt(source, callee.object) : storedAt(source, callee);
  return positions?.flatMap((index) => parts(node.arguments[index])) ?? null;
}

/** MikroORM: `wrap(user).assign(data)`, `em.assign(user, data)`. */
function assignedAt(source: Source, object: Syntax): readonly number[] | null {
  const of = source.textOf(unwrap(object)).replace(/\([\s\S]*/, '(');
  return of === 'wrap(' ? [0] : /(^|\.)_?(em|entityManager)$/.test(of) ? [1] : null;
}

function storedAt(source: Source, { object, property }: Extract<Syntax, { type: 'MemberExpression' }>) {
  const name = property.type === 'Identifier' ? property.name : '';
  return Object.hasOwn(writers, name) && isStore(source, object) ? (writers[name] ?? null) : null;
}

/** What is written: the argument itself, Prisma's `data`, MongoDB's `$set`, the elements of a list. */
function parts(given: Syntax | undefined): Syntax[] {
  const inner = given && unwrap(given);
  if (inner?.type !== 'ObjectExpression') return given ? [given] : [];
  const named = inner.properties.flatMap((one) =>
    one.type === 'SpreadElement'
      ? [one.argument]
      : /^(data|\$set|create|update)$/.test(keyOf(one) ?? '')
        ? parts(one.value)
        : [],
  );
  return [inner, ...named];
}

/** True for a store of rows: by where it comes from, or by how models, repositories and tables are named. */
function isStore(source: Source, object: Syntax): boolean {
  const origin = originOf(source, object);
  if (
    origin !== null &&
    /^(mongoose|mongodb|sequelize|typeorm|@prisma\/client|drizzle-orm(\/[\w-]+)*|knex|marsdb|objection|@supabase\/supabase-js)#/.test(
      origin,
    )
  )
    return true;
  if (origin !== null && !isOwnOrigin(origin)) return isModel(source, object);
  const text = source.textOf(unwrap(object));
  return (
    /(Repository|Repo|Model|Collection|Col|Entity)(\))?$/.test(text) ||
    /(^|\.)(prisma|db|tx|trx|orm|knex|supabase|prismaService)(\.\w+)?$/i.test(text) ||
    /\b(insert|update|from|into|db|knex|trx)\([^()]*\)$/.test(text) ||
    isModel(source, object)
  );
}

/** True for something that was read from the database: `user`, `await User.findById(id)`. */
function isEntity(source: Source, node: Syntax): boolean {
  const inner = unwrap(node);
  if (inner.type === 'MemberExpression')
    return /^(req|request|ctx\.state|ctx)\.(user|account|profile)$/.test(source.textOf(inner));
  if (inner.type !== 'Identifier') return false;
  const scope = source.text;
  return new RegExp(
    `\\b${inner.name}\\b\\s*=\\s*await[\\s\\S]{0,80}\\.(find|get|load|by)\\w*\\(|\\b${inner.name}\\.save\\(|\\.save\\(\\s*${inner.name}\\b`,
  ).test(scope);
}
