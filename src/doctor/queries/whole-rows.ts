import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { definitionOf } from '../code/origin.ts';
import { isFunction, type Source } from '../code/source.ts';
import { returnedBy } from '../flow/parameters.ts';
import type { Project } from '../project.ts';
import { modelFields } from './model-fields.ts';
import { nameOf, queryOfChain } from './queries.ts';
import type { Call, Query } from './query.ts';

/** A query that gives rows with all of their columns, and the model that it asks. */
export interface WholeRows {
  source: Source;
  query: Query;
  model: Syntax;
}

/** The query whose rows an expression holds, each with all columns: asked there, or one function further; null elsewhere. */
export function rowsIn(source: Source, node: Syntax, depth = 1): WholeRows | null {
  const call = callIn(source, node);
  if (call === null) return null;
  const asked = queryOfChain(source, call);
  if (asked !== null) {
    const { callee } = asked.call;
    const isAsked = callee.type === 'MemberExpression' && isWhole(asked.query, asked.call);
    return isAsked ? { source, query: asked.query, model: callee.object } : null;
  }
  const called = depth > 0 ? definitionOf(source, call.callee) : null;
  if (!called || !isFunction(called.node)) return null;
  const values = returnedBy(called.node);
  const [only] = values;
  return values.length === 1 && only ? rowsIn(called.source, only, depth - 1) : null;
}

/** The call that a value, or a name that is written once, comes from. */
function callIn(source: Source, node: Syntax): Call | null {
  const inner = unwrap(node);
  if (inner.type === 'AwaitExpression') return callIn(source, inner.argument);
  if (inner.type === 'CallExpression') return inner;
  const binding = inner.type === 'Identifier' ? bindingOf(source, inner) : null;
  if (binding?.kind === 'parameter' && binding.writes.length === 0) return executed(source, binding);
  if (!binding?.init || binding.path.length > 0 || binding.writes.length > 0) return null;
  return unwrap(binding.init).type === 'Identifier' ? null : callIn(source, binding.init);
}

/** `User.find({}).exec((error, users) => …)`: the call that is executed. */
function executed(source: Source, { scope, declaration }: Binding): Call | null {
  const call = isFunction(scope) && scope.params[1] === declaration ? source.parentOf(scope) : null;
  const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
  if (callee?.type !== 'MemberExpression' || nameOf(callee) !== 'exec') return null;
  return callIn(source, callee.object);
}

/** True where nothing chooses columns. */
function isWhole(query: Query, call: Call): boolean {
  const { library, kind, chain, options } = query;
  if (!/^(one|many|create)$/.test(kind)) return false;
  if (choosing.some((link) => chain.has(link) && !(link === 'select' && addedBy(query) !== null))) return false;
  switch (library) {
    case 'mongoose':
      return !isProjected(call);
    case 'prisma':
    case 'sequelize':
      return !['select', 'omit', 'attributes', 'include', '...'].some((key) => options.has(key));
    default:
      return false;
  }
}

/** `.select('+password')` of Mongoose: the fields that are added to those which a query gives anyway; null for any other choice. */
function addedBy({ library, chain }: Query): string | null {
  const [fields] = chain.get('select')?.arguments ?? [];
  const text = library === 'mongoose' && fields ? stringValue(fields) : null;
  return text !== null && /^\s*\+\S+(\s+\+\S+)*\s*$/.test(text) ? text.replace(/\+/g, '') : null;
}

const choosing = ['select', 'projection', 'distinct', 'count', 'countDocuments', 'transform', 'map', 'then'];

/** `User.find({}, 'email')`: the second argument of what reads chooses fields. */
const isProjected = ({ callee, arguments: given }: Call): boolean =>
  given.length > 1 && !/^(create|insertMany)$/.test(nameOf(callee) ?? '');

const password = /^(hashed|encrypted|crypted)?_?(password|passwd|pwd)(_?(hash|digest|encrypted))?$/i;
/** Columns by which somebody signs in. */
const ofPeople = /^(e_?mail(_?address)?|user_?name|login|phone(_?number)?|mobile)$/i;

/** The column of the model that holds a password and is not left out where the model is declared; null where there is none, or that cannot be told. */
export function hasPasswords({ source, query, model }: WholeRows): string | null {
  const fields = modelFields(source, model) ?? [];
  const name = fields.find((field) => password.test(field.name))?.name;
  // What opens a link or a file is known to whoever made it.
  if (name === undefined || !fields.some((field) => ofPeople.test(field.name))) return null;
  if (query.library === 'prisma') return leavesOut(source.project) ? null : name;
  const declared = placeOf(source, model);
  const text = declared === null || declared.source === source ? source.text : declared.source.text;
  if (/toJSON|toObject|transform|hidden|\.plugin\(|defaultScope|exclude|(?<!\bmongoose)\.set\(\s*['"]/.test(text))
    return null;
  // What the schema leaves out of queries is in the row that was just made, and where it is asked for by name.
  const isLeftOut = query.kind !== 'create' && !(addedBy(query)?.split(/\s+/).includes(name) ?? false);
  return isLeftOut && /select\s*:\s*(false|0)/.test(text) ? null : name;
}

const known = new WeakMap<Project, boolean>();

/** True where Prisma's client is made to leave columns out, or to change what it gives. */
function leavesOut(project: Project): boolean {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.files.some((path) => {
    const text = /\.[cm]?[jt]s$/.test(path) ? project.tree.read(path) : null;
    return text !== null && /\bPrismaClient\b/.test(text) && /\bomit\s*:|\$extends\(|\$use\(/.test(text);
  });
  known.set(project, found);
  return found;
}
