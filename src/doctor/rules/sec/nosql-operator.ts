import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { constantOf } from '../../code/names.ts';
import { isOwnOrigin, originOf } from '../../code/origin.ts';
import { everyOf, functionAround, isFunction, type Source } from '../../code/source.ts';
import { isNear } from '../../flow/near.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { matchIn, operatorAt, operatorIn, secret } from '../../queries/operators.ts';
import { isOfQuery, isOwned } from '../../queries/owned.ts';
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

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const filters =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|findOneAndRemove|findOneAndReplace|updateOne|updateMany|update|deleteOne|deleteMany|remove|replaceOne|count|countDocuments|exists|aggregate)$/;
/** Methods whose first argument is the id itself. */
const byId = /^findById(AndUpdate|AndDelete|AndRemove)$/;
const writing = /update|delete|remove|replace/i;
/** What names an account: who finds another by an operator is taken for its owner, or reads what is theirs. */
const account = /e?mail|user|login|phone/i;
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
        if (isWrittenToo(source, node, found.value)) return;
        const grave = writing.test(method) || found.key === '' || secret.test(found.key);
        const words = wordsFor(source.textOf(node.callee), found.name, grave, isOfQuery(found.source, found.value));
        const isHarmless = !account.test(found.key) && !isChangedBy(source, filter, node);
        const isNarrow = !grave && (found.isOptional || isOwned(source, filter) || isHarmless);
        const isFar = found.key !== '' && !isNear(found.source, found.value, {}, found.hops);
        say(found, isNarrow || isFar ? { ...words, confidence: 'hint' } : words, found.name);
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
  message: `${name} comes from the client ${isQuery ? 'in the query, which may hold objects: ?name[$ne]= is' : 'in the body, which may hold objects: {"$ne": null} in its place is'} an operator, and ${call.replace(/\s+/g, '')}() finds documents that it was not meant to.`,
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

/** True where the same call writes the value as well: no field that has a type takes an object, and nothing is sent. */
function isWrittenToo(source: Source, { arguments: [, update] }: Call, value: Syntax): boolean {
  const written = update && (constantOf(source, update) ?? unwrap(update));
  if (written?.type !== 'ObjectExpression' || !source.project.has('mongoose')) return false;
  const inner = unwrap(value);
  // `{ product: update.product }`, with `update` behind it.
  if (inner.type === 'MemberExpression' && constantOf(source, inner.object) === written) return true;
  const isSame = (one: Syntax): boolean => source.textOf(unwrap(one)) === source.textOf(inner);
  return written.properties.some((one) => {
    if (one.type !== 'Property') return false;
    const set = keyOf(one) === '$set' ? unwrap(one.value) : null;
    return set?.type === 'ObjectExpression'
      ? set.properties.some((each) => each.type === 'Property' && isSame(each.value))
      : isSame(one.value);
  });
}

/** True where the same filter finds what the function changes afterwards. */
function isChangedBy(source: Source, filter: Syntax, node: Call): boolean {
  const text = source.textOf(filter);
  let found = false;
  everyOf(functionAround(source, node) ?? source.program, ['CallExpression'], (one) => {
    if (found || one.type !== 'CallExpression' || one.start < node.end) return;
    const [first] = one.arguments;
    found = first !== undefined && source.textOf(first) === text && writing.test(methodAt(source, one.callee) ?? '');
  });
  return found;
}
