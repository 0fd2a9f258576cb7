import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { givenTo } from '../../leading.ts';
import { bindingOf, constantOf } from '../../names.ts';
import { isOwnOrigin, originOf } from '../../origin.ts';
import { decoratorsOn } from '../../parameters.ts';
import { defineRule, type Words } from '../../rule.ts';
import { functionAround, isFunction, type Source } from '../../source.ts';
import { isGuarded, isSent, taintOf } from '../../taint.ts';
import { isWholeBody } from '../../whole.ts';

/** A finding of a file; or that something in the project takes operators out of what clients send. */
type Note = { path: string; start: number; end: number; words: Words } | 'cleans';

const filters =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndRemove|findOneAndReplace|updateOne|updateMany|update|deleteOne|deleteMany|remove|replaceOne|count|countDocuments|exists)$/;
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
    ['mongoose', 'mongodb', 'marsdb', 'monk', 'nedb', '@seald-io/nedb', 'mongojs'].some((one) => project.has(one)),
  mentions: /\.(find|update|delete|remove|replace|count|exists)\w*\(|\$where|sanitize|content-filter/i,
  file(source, _tell, note) {
    if (cleaning.test(source.text)) note('cleans');
    const say = (at: { source: Source; at: Syntax }, words: Words): void =>
      note({ path: at.source.path, start: at.at.start, end: at.at.end, words });
    return {
      CallExpression(node) {
        const [filter] = node.arguments;
        if (!filter || !isCollection(source, node.callee)) return;
        const found = operatorIn(source, filter, node);
        if (found) say(found, wordsFor(source.textOf(node.callee), found.name));
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
    if (notes.some(({ note }) => note === 'cleans')) return;
    for (const { note } of notes)
      if (note !== 'cleans') tell({ path: note.path, start: note.start, end: note.end }, note.words);
  },
});

const wordsFor = (call: string, name: string): Words => ({
  message: `${name} comes from the client as JSON: {"$ne": null} in its place is an operator, and ${call.replace(/\s+/g, '')}() finds documents that it was not meant to.`,
  fix: `Make it a text with String(), or check the body against a schema before.`,
});

/** A collection of the driver, or a model: by where it comes from, or by how such are named. */
function isCollection(source: Source, callee: Syntax): boolean {
  const inner = unwrap(callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier' || !filters.test(inner.property.name))
    return false;
  const origin = originOf(source, inner.object);
  if (origin !== null && /^(mongoose|mongodb|marsdb|monk|nedb|@seald-io\/nedb|mongojs)#/.test(origin)) return true;
  if (origin !== null && !isOwnOrigin(origin)) return false;
  const text = source.textOf(unwrap(inner.object));
  if (/\.collection\([^)]*\)$|(Collection|Col|Model)$/.test(text)) return true;
  return source.project.has('mongoose') && !isOtherOrm(source) && /(^|\.)[A-Z][A-Za-z]+$/.test(text);
}

const isOtherOrm = ({ project }: Source): boolean =>
  ['sequelize', 'sequelize-typescript', 'typeorm', '@prisma/client', 'objection', '@mikro-orm/core'].some((one) =>
    project.has(one),
  );

/** The first value of a filter that the client may send as an object. */
function operatorIn(source: Source, outer: Syntax, at: Syntax): { source: Source; at: Syntax; name: string } | null {
  const filter = constantOf(source, outer) ?? unwrap(outer);
  if (filter.type !== 'ObjectExpression')
    return isWholeBody(source, outer) ? { source, at, name: source.textOf(outer) } : null;
  for (const property of filter.properties) {
    if (property.type === 'SpreadElement') {
      if (isWholeBody(source, property.argument)) return { source, at, name: source.textOf(property.argument) };
      continue;
    }
    const key = keyOf(property) ?? '';
    const value = unwrap(property.value);
    if (/^\$(or|and|nor)$/.test(key) && value.type === 'ArrayExpression') {
      for (const one of value.elements) {
        const found = one ? operatorIn(source, one, at) : null;
        if (found) return found;
      }
    }
    if (key.startsWith('$')) continue;
    for (const given of givenTo(source, at, value))
      if (isObjectOfClient(given.source, given.url, given.at) && !isText(source, property.value, at))
        return { source: given.source, at: given.at, name: given.source.textOf(given.url).slice(0, 40) };
  }
  return null;
}

/** True for a field of a parsed body (or of Express 4's query) that nothing made a text. */
function isObjectOfClient(source: Source, value: Syntax, at: Syntax): boolean {
  const inner = unwrap(value);
  if (inner.type !== 'Identifier' && inner.type !== 'MemberExpression') return false;
  if (taintOf(source, inner) !== 'request' || isGuarded(source, inner, at) || isText(source, inner, at)) return false;
  return comesOfJson(source, inner, 0);
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

/** Follows a value to the part of the request that it is: texts of paths and addresses are no objects. */
function comesOfJson(source: Source, node: Syntax, depth: number): boolean {
  const inner = unwrap(node.type === 'AwaitExpression' ? node.argument : node);
  if (depth > 6) return false;
  if (inner.type === 'Identifier') {
    const binding = bindingOf(source, inner);
    if (!binding) return false;
    if (binding.path.some((key) => key === 'body' || (key === 'query' && hasNestedQueries(source)))) return true;
    if (binding.kind === 'parameter') return /@Body\(/.test(decoratorsOn(source, binding.declaration));
    return [...(binding.init ? [binding.init] : []), ...binding.writes].some((one) =>
      comesOfJson(source, one, depth + 1),
    );
  }
  if (inner.type === 'MemberExpression') {
    const key = !inner.computed && inner.property.type === 'Identifier' ? inner.property.name : '';
    return (
      key === 'body' || (key === 'query' && hasNestedQueries(source)) || comesOfJson(source, inner.object, depth + 1)
    );
  }
  if (inner.type === 'LogicalExpression') return comesOfJson(source, inner.left, depth + 1);
  if (inner.type === 'CallExpression') return /\.json$/.test(source.textOf(inner.callee));
  return false;
}

/** Express 4 reads `?a[$ne]=` as an object. */
const hasNestedQueries = ({ project }: Source): boolean =>
  /(^|[^\d.])[234]\b/.test(project.dependencies.get('express') ?? '');
