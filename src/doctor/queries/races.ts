import { type Syntax, unwrap } from '../../text/syntax.ts';
import { functionName } from '../code/background.ts';
import { definitionOf } from '../code/origin.ts';
import { everyNode, everyOf, functionAround, type FunctionSyntax, isFunction, type Source } from '../code/source.ts';
import { tableName } from './base.ts';
import { decides } from './decides.ts';
import { nameOf, queryAt } from './queries.ts';
import type { Query } from './query.ts';
import { isBeyondEquality, isOfOneValue, isOfState, isOptional } from './reuse.ts';
import { asksByValue, isByUnique, lookedBy, nameGiven } from './values.ts';
import { fixedIn, isOfLook } from './written.ts';

/** What keeps others out meanwhile, or lets the database decide: also of a table that is made with the row, of which there is but one by its name. */
const guarding =
  /\bupsert\b|onConflict|ON CONFLICT|Serializable|FOR UPDATE|forUpdate|advisory|findOrCreate|\b\w*lock(ed)?\(|\block\s*:|\bLOCK\.|pessimistic|redlock|mutex|semaphore|\bsetnx\b|['"]NX['"]|ignoreDuplicates|skipDuplicates|INSERT (OR )?IGNORE|orIgnore|onDuplicate|ON DUPLICATE|create_?\s?table/i;

/** An insert behind a look at the same table. */
export interface Race extends Asked {
  /** Whatever refuses it is caught. */
  isTried: boolean;
  /** There may be more than one such row, at another time or where the look is left out. */
  isReuse: boolean;
}

/** The insert of a function that stands behind a look at the same table which decides about it. */
export function raceIn(source: Source, node: FunctionSyntax): Race | null {
  if (node.body?.type !== 'BlockStatement') return null;
  const text = source.textOf(node);
  if (!/\b(create|insert|save)\w*\b/i.test(text) || !/\bif\b/.test(text)) return null;
  if (guarding.test(source.textOf(wholeOf(source, node))) || isHook(source, node)) return null;
  const given = givenTo(source, node);
  // A callback of the module itself runs once, when it is loaded.
  if (given !== null && functionAround(source, node) === null) return null;
  const asked: Asked[] = [];
  everyOf(node.body, ['CallExpression', 'TaggedTemplateExpression', 'NewExpression'], (one) => {
    // In a callback of the look everything comes after it, whatever it waits for.
    if (given === null && ownerOf(source, one, node) !== node) return;
    const found = one.type === 'NewExpression' ? madeAs(source, one, text) : askedBy(source, one);
    if (found) asked.push(found);
  });
  const looks = given === null ? asked.map((look) => ({ look, name: nameGiven(source, look.node) })) : [given];
  for (const { look, name } of looks) {
    if (!look.isLook || look.model === '') continue;
    const from = given === null ? look.node.end : node.body.start;
    const made = asked.find(
      (one) => one.isMade && one.model === look.model && one.node.start > from && !isOfLook(source, one.node, name),
    );
    if (!made || !decides(source, node.body, { node: look.node, name, from }, made.node)) continue;
    return {
      ...made,
      isUnique: look.isUnique,
      columns: look.columns.length === 0 ? [] : [...look.columns, ...fixedIn(look.node, made.node)],
      isTried: isTried(source, made.node),
      isReuse:
        look.isOfState ||
        isOptional(source, look.node, made.node) ||
        (look.columns.length === 1 && isOfOneValue(source, look.node)),
    };
  }
  return null;
}

/** The look whose answer a callback is given: `User.findOne(…).then((user) => …)`, `User.findOne(…, (error, user) => …)`. */
function givenTo(source: Source, node: FunctionSyntax): { look: Asked; name: string | null } | null {
  const call = source.parentOf(node);
  if (call?.type !== 'CallExpression' || call.arguments.at(-1) !== node) return null;
  const isThen = nameOf(call.callee) === 'then';
  const parameter = node.params[isThen ? 0 : 1];
  if (parameter?.type !== 'Identifier' || (!isThen && node.params.length < 2)) return null;
  for (let at: Syntax = call; at.type === 'CallExpression'; ) {
    const look = askedBy(source, at);
    if (look) return look.isLook ? { look, name: parameter.name } : null;
    const callee: Syntax = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') return null;
    at = unwrap(callee.object);
  }
  return null;
}

/** `new User({ … })`, that is saved later. */
function madeAs(source: Source, node: Syntax, text: string): Asked | null {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || !/\.save\(/.test(text)) return null;
  if (!source.project.has('mongoose') && !source.project.has('sequelize')) return null;
  const { name } = node.callee;
  return {
    node,
    name,
    model: bare(name),
    isLook: false,
    isMade: true,
    isRaw: false,
    isUnique: false,
    isOfState: false,
    columns: [],
  };
}

/** The method or function that a callback belongs to: its transaction's isolation is said beside the callback. */
function wholeOf(source: Source, node: FunctionSyntax): Syntax {
  let whole: Syntax = node;
  for (const parent of source.above(node)) if (isFunction(parent)) whole = parent;
  // A class or a factory around it holds too many other things.
  return whole.end - whole.start > 6000 ? (source.parentOf(node) ?? node) : whole;
}

/** What a model runs by itself for a row that it has just made: nobody else knows that row. */
const isHook = (source: Source, node: FunctionSyntax): boolean =>
  /^(on)?(after|before)[A-Z]/i.test(functionName(source, node) ?? '');

interface Asked {
  node: Syntax;
  /** The model or table as the code spells it. */
  name: string;
  /** The model or table, in one spelling: without capitals, and without what names add to it. */
  model: string;
  isLook: boolean;
  isMade: boolean;
  /** It is SQL that people wrote. */
  isRaw: boolean;
  /** A function of the project asks it. */
  isFar?: true;
  /** It looks by what the schema says is there once. */
  isUnique: boolean;
  /** It looks among the rows of one state, or by what no unique index says. */
  isOfState: boolean;
  /** The columns that it looks by. */
  columns: readonly string[];
}

/** A model in one spelling: without capitals, and without what names add to it. */
export const bare = (model: string | null): string =>
  (model ?? '')
    .toLowerCase()
    .replace(/^.*\./, '')
    .replace(/_+$/, '')
    .replace(/(model|repository|repo|table)$/, '')
    .replace(/s$/, '');

const isPassing = (query: string): boolean => isOfState(query) || isBeyondEquality(query);

const nameFor = (model: string | null): string => tableName((model ?? 'row').replace(/^.*\./, ''));

/** A query, or a function of the project's own that looks for a row, or makes one. */
function askedBy(source: Source, node: Syntax): Asked | null {
  const own = queryAt(source, node);
  if (own)
    return {
      node: own.node,
      name: nameFor(own.model),
      model: bare(own.model),
      isLook: isLook(own),
      isMade: own.kind === 'create',
      isRaw: own.sql !== null,
      isUnique: isByUnique(own),
      isOfState: isPassing(source.textOf(own.node)),
      columns: lookedBy(source, own),
    };
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
  if (callee === null || (callee.type !== 'Identifier' && callee.type !== 'MemberExpression')) return null;
  const name = nameOf(callee) ?? '';
  const [looks, makes] = [
    /^(find|get|fetch|is|has|check)\w*(By|Taken|Exist|Registered|Used|User|Account)|^(find|get)(One|First|Unique)?$/.test(
      name,
    ),
    /^(create|insert|add|register)/.test(name),
  ];
  const place = looks || makes ? definitionOf(source, callee) : null;
  if (!place || !isFunction(place.node) || /ById$/.test(name) || guarding.test(place.source.textOf(place.node)))
    return null;
  let found: Asked | null = null;
  everyNode(place.node, (inner) => {
    const query = found === null ? queryAt(place.source, inner) : null;
    if (query && (looks ? isLook(query) : query.kind === 'create'))
      found = {
        node,
        name: nameFor(query.model),
        model: bare(query.model),
        isLook: looks,
        isMade: !looks,
        isRaw: query.sql !== null,
        isFar: true,
        isUnique: looks && isByUnique(query),
        isOfState: looks && isPassing(place.source.textOf(query.node)),
        columns: looks ? lookedBy(place.source, query) : [],
      };
  });
  return found;
}

/** Within a `try` that catches, in its function. */
function isTried(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (isFunction(parent)) return false;
    if (parent.type === 'TryStatement' && parent.handler && parent.block.end >= node.end) return true;
  }
  return false;
}

/** A look that may find nothing; `findOneOrFail` ends the request there. */
const isLook = (query: Query): boolean =>
  !/Or(Fail|Throw)$/.test(query.node.type === 'CallExpression' ? (nameOf(query.node.callee) ?? '') : '') &&
  (query.kind === 'one' || query.kind === 'number' || query.kind === 'many') &&
  query.model !== null &&
  asksByValue(query);

/** The function that a node runs in; callbacks of transactions count as the function around them. */
function ownerOf(source: Source, node: Syntax, root: FunctionSyntax): Syntax | null {
  for (const parent of source.above(node)) {
    if (parent === root) return root;
    if (!isFunction(parent)) continue;
    const call = source.parentOf(parent);
    const isTransaction = call?.type === 'CallExpression' && /transaction$/i.test(source.textOf(call.callee));
    if (!isTransaction) return parent;
  }
  return null;
}
