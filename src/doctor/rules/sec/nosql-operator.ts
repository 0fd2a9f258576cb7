import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { isOwnOrigin, originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, type Source } from '../../code/source.ts';
import { isBesideCheck, isNumberAt } from '../../flow/beside.ts';
import { givenTo } from '../../flow/leading.ts';
import { comesOfJson } from '../../flow/sent-json.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { isWholeBody } from '../../flow/whole.ts';
import { isOfQuery, isOwned } from '../../queries/owned.ts';
import { smallObjects } from '../../queries/small-objects.ts';
import { defineRule, type Words } from '../../rule.ts';

/** A finding of a file; or that something in the project takes operators out of what clients send. */
type Note = Telling | 'cleans';
interface Telling {
  path: string;
  start: number;
  end: number;
  words: Words;
  /** The function and the value that it means: one that goes into several queries is told of once. */
  of: string;
}

const filters =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndRemove|findOneAndReplace|updateOne|updateMany|update|deleteOne|deleteMany|remove|replaceOne|count|countDocuments|exists|aggregate)$/;
/** Methods whose first argument is the id itself. */
const byId = /^findById(AndUpdate|AndDelete|AndRemove)$/;
const writing = /update|delete|remove|replace/i;
/** What a client must know to be let in, or all there is: an operator in its place opens the door. */
const secret = /passw|pwd|token|code|otp|pin$|secret|hash|api_?key|session/i;
const cleaning = /mongo-sanitize|sanitizeFilter|mongoSanitize|content-filter/;

export const nosqlOperator = defineRule<Note>({
  id: 'sec/nosql-operator',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A filter of MongoDB holds a value that the client may send as an operator.',
  why: 'JSON lets a client send `{"$ne": null}` where a text was meant. In a filter that is an operator: `{ email, password: { $ne: null } }` logs anybody in, and `{ _id: { $gt: "" } }` updates every document. Make it what it should be (`String(value)`), check the body against a schema, or put it behind `$eq`; `$where` runs text as a program and has no safe use.',
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 8.8,
  applies: (project) =>
    [
      'mongoose',
      'mongodb',
      '@nestjs/mongoose',
      '@fastify/mongodb',
      'fastify-mongodb',
      'marsdb',
      'monk',
      'nedb',
      '@seald-io/nedb',
      'mongojs',
    ].some((one) => project.has(one)),
  mentions: /\.(find|update|delete|remove|replace|count|exists|aggregate)\w*\(|\$where|sanitize|content-filter/i,
  file(source, _tell, note) {
    if (cleaning.test(source.text)) note('cleans');
    const say = (at: { source: Source; at: Syntax }, words: Words, name = ''): void =>
      note({
        path: at.source.path,
        start: at.at.start,
        end: at.at.end,
        words,
        of: `${at.source.path}:${functionAround(at.source, at.at)?.start}:${name}`,
      });
    return {
      CallExpression(node) {
        const [filter] = node.arguments;
        const method = filter ? methodAt(source, node.callee) : null;
        if (!filter || method === null) return;
        const found = byId.test(method)
          ? operatorAt(source, filter, node, '_id')
          : method === 'aggregate'
            ? matchIn(source, filter, node)
            : operatorIn(source, filter, node);
        if (!found) return;
        const grave = writing.test(method) || found.key === '' || secret.test(found.key);
        const words = wordsFor(source.textOf(node.callee), found.name, grave, isOfQuery(found.source, found.value));
        const isNarrow = !grave && (found.isOptional || isOwned(source, filter));
        say(found, isNarrow ? { ...words, confidence: 'hint' } : words, found.name);
      },
      Property(node) {
        if (keyOf(node) !== '$where' || isFunction(unwrap(node.value)) || !isSent(taintOf(source, node.value))) return;
        if (isGuarded(source, node.value, node)) return;
        const message =
          'What the client sends becomes a part of the program in $where, which runs for every document of the collection.';
        say(
          { source, at: node },
          { message, fix: 'Ask with operators of the query ({ field: { $gt: Number(value) } }), never with $where.' },
        );
      },
    };
  },
  project(_project, tell, notes) {
    const all = notes.flatMap(({ note }) => (note === 'cleans' ? [] : [note]));
    if (all.length < notes.length) return;
    const byValue = new Map<string, Telling>();
    for (const one of all) {
      const before = byValue.get(one.of);
      if (!before || (!isGrave(before) && isGrave(one))) byValue.set(one.of, one);
    }
    for (const one of byValue.values())
      tell(
        { path: one.path, start: one.start, end: one.end },
        isGrave(one) ? one.words : { ...one.words, together: one.path },
      );
  },
});

const isGrave = ({ words }: Telling): boolean => words.severity !== 'warning';

const wordsFor = (call: string, name: string, grave: boolean, isQuery: boolean): Words => ({
  ...(grave ? {} : { severity: 'warning' as const }),
  message: `${name} comes from the client ${isQuery ? 'in the query, which may hold objects: ?name[$ne]= is' : 'as JSON: {"$ne": null} in its place is'} an operator, and ${call.replace(/\s+/g, '')}() finds documents that it was not meant to.`,
  fix: `Make it a text with String(), or check the body against a schema before.`,
});

/** The method of a collection or a model that is called; null for anything else. */
function methodAt(source: Source, callee: Syntax): string | null {
  const inner = unwrap(callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier') return null;
  const { name } = inner.property;
  return (filters.test(name) || byId.test(name)) && isCollection(source, inner) ? name : null;
}

/** A collection of the driver, or a model: by where it comes from, or by how such are named. */
function isCollection(source: Source, inner: Extract<Syntax, { type: 'MemberExpression' }>): boolean {
  const origin = originOf(source, inner.object);
  if (origin !== null && /^(mongoose|mongodb|marsdb|monk|nedb|@seald-io\/nedb|mongojs)#/.test(origin)) return true;
  if (origin !== null && !isOwnOrigin(origin)) return false;
  const text = source.textOf(unwrap(inner.object));
  const made = constantOf(source, inner.object);
  if (made && /\.collection\([^)]*\)$/.test(source.textOf(made))) return true;
  if (/\.collection\([^)]*\)$|(Collection|Col|Model)$/.test(text)) return true;
  return source.project.has('mongoose') && !isOtherOrm(source) && /(^|\.)[A-Z][A-Za-z]+$/.test(text);
}

const isOtherOrm = ({ project }: Source): boolean =>
  ['sequelize', 'sequelize-typescript', 'typeorm', '@prisma/client', 'objection', '@mikro-orm/core'].some((one) =>
    project.has(one),
  );

/** A value of a filter that the client may send as an object: where it is given, and the field that it is asked for ('' for the whole filter). */
interface Operator {
  source: Source;
  at: Syntax;
  name: string;
  key: string;
  value: Syntax;
  /** True where the filter has it only if the client sends it: without it there is more to find. */
  isOptional?: boolean;
}

/** The first such value of a filter. */
function operatorIn(source: Source, outer: Syntax, at: Syntax): Operator | null {
  const filter = constantOf(source, outer) ?? unwrap(outer);
  if (filter.type !== 'ObjectExpression')
    return isWholeBody(source, outer) ? { source, at, name: source.textOf(outer), key: '', value: outer } : null;
  const found: Operator[] = [];
  for (const property of filter.properties) {
    if (property.type === 'SpreadElement') {
      if (isWholeBody(source, property.argument))
        found.push({ source, at, name: source.textOf(property.argument), key: '', value: property.argument });
      for (const object of smallObjects(source, property.argument)) {
        const one = operatorIn(source, object, at);
        if (one) found.push({ ...one, isOptional: true });
      }
      continue;
    }
    const key = keyOf(property) ?? '';
    const value = unwrap(property.value);
    if (/^\$(or|and|nor)$/.test(key) && value.type === 'ArrayExpression')
      found.push(...value.elements.flatMap((one) => (one && operatorIn(source, one, at)) ?? []));
    if (key.startsWith('$')) continue;
    const one = operatorAt(source, property.value, at, key);
    if (one) found.push(one);
  }
  for (const { key, value } of assignedTo(source, outer)) {
    const one = operatorAt(source, value, at, key);
    const isOptional = [...source.above(value)].some(({ type }) => type === 'IfStatement');
    if (one) found.push({ ...one, isOptional });
  }
  return found.find(({ key }) => key === '' || secret.test(key)) ?? found[0] ?? null;
}

function operatorAt(source: Source, value: Syntax, at: Syntax, key: string): Operator | null {
  for (const given of givenTo(source, at, value))
    if (isObjectOfClient(given.source, given.url, given.at) && !isText(source, value, at))
      return {
        source: given.source,
        at: given.at,
        name: given.source.textOf(given.url).slice(0, 40),
        key,
        value: given.url,
      };
  return null;
}

/** `filter.status = …` after `const filter = {}`. */
function assignedTo(source: Source, outer: Syntax): { key: string; value: Syntax }[] {
  const inner = unwrap(outer);
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (!binding || !source.text.includes(`${binding.name}.`)) return [];
  const found: { key: string; value: Syntax }[] = [];
  everyOf(binding.scope, ['AssignmentExpression'], (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression' || node.left.computed) return;
    const { object, property } = node.left;
    if (object.type === 'Identifier' && object.name === binding.name && property.type === 'Identifier')
      found.push({ key: property.name, value: node.right });
  });
  return found;
}

/** The `$match` of an aggregation that is written out. */
function matchIn(source: Source, outer: Syntax, at: Syntax): Operator | null {
  const stages = constantOf(source, outer) ?? unwrap(outer);
  for (const stage of stages.type === 'ArrayExpression' ? stages.elements : []) {
    const match =
      stage?.type === 'ObjectExpression' ? stage.properties.find((one) => keyOf(one) === '$match') : undefined;
    const found = match?.type === 'Property' ? operatorIn(source, match.value, at) : null;
    if (found) return found;
  }
  return null;
}

/** True for a field of a parsed body (or of Express 4's query) that nothing made a text. */
function isObjectOfClient(source: Source, value: Syntax, at: Syntax): boolean {
  const inner = unwrap(value);
  if (inner.type !== 'Identifier' && inner.type !== 'MemberExpression') return false;
  if (taintOf(source, inner) !== 'request' || isGuarded(source, inner, at) || isText(source, inner, at)) return false;
  if (isBesideCheck(source, inner, at) || isNumberAt(source, inner, at)) return false;
  return comesOfJson(source, inner);
}

/** True where a check of its type stands in the function, or its annotation comes from a framework that checks. */
function isText(source: Source, value: Syntax, at: Syntax): boolean {
  const scope = functionAround(source, at);
  const text = source.textOf(unwrap(value)).replace(/[^\w.]/g, '\\$&');
  return (
    scope !== null &&
    new RegExp(`typeof\\s+\\(?\\s*${text}\\b|(isString|String)\\(\\s*${text}\\b`).test(source.textOf(scope))
  );
}
