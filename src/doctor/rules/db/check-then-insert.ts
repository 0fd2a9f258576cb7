import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { functionName, isBackground } from '../../background.ts';
import { definitionOf } from '../../origin.ts';
import { nameOf, queryAt } from '../../queries.ts';
import type { Query } from '../../query.ts';
import { tableName } from '../../query-base.ts';
import { asksByValue, isByUnique, nameGiven } from '../../query-values.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { everyNode, type FunctionSyntax, isFunction, type Source } from '../../source.ts';

/** A check and an insert behind it; or that the project answers to the database's own refusal. */
type Note = { at: Spot; model: string; sure: boolean; isUnique: boolean } | 'answers';

/** How people see that a unique index refused a row, or keep others out meanwhile. */
const answering =
  /P2002|23505|\b11000\b|\bE11000\b|ER_DUP_ENTRY|SQLITE_CONSTRAINT|UniqueConstraint(Error|Violation)|UniqueViolation|unique_violation|PrismaClientKnownRequestError|QueryFailedError/;
/** Where errors of the whole program are answered. */
const central = /error|exception|filter|middleware|handler|(^|\/)(app|server|main|index)\.[cm]?[jt]s$/i;
const guarding =
  /\bupsert\b|onConflict|ON CONFLICT|Serializable|FOR UPDATE|forUpdate|advisory|findOrCreate|\b\w*lock(ed)?\(|\block\s*:|\bLOCK\.|pessimistic|redlock|mutex|semaphore|\bsetnx\b|['"]NX['"]|ignoreDuplicates|skipDuplicates|INSERT (OR )?IGNORE|orIgnore|onDuplicate|ON DUPLICATE/i;

export const checkThenInsert = defineRule<Note>({
  id: 'db/check-then-insert',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A row is made after a look whether it is there, and another request can come between.',
  why: 'Two requests at the same moment both look, both find nothing, and both insert: two accounts with one address, or, with a unique index, an error that nobody handles and a 500. A transaction around both does not help at the usual isolation. Let the database decide: a unique index, then insert and handle its refusal (`ON CONFLICT`, `upsert`, Prisma’s P2002, PostgreSQL’s 23505).',
  remedy: 'words',
  mentions:
    /\b(find\w+|exists|count\w*|select|from(?=\s*[(<])|query|P2002|23505|11000|ER_DUP_ENTRY|Unique\w+|KnownRequestError|QueryFailedError)\b/i,
  file(source, _tell, note) {
    if (answering.test(source.text)) {
      if (central.test(source.path)) note('answers');
      return {};
    }
    const look = (node: FunctionSyntax): void => {
      const found = raceIn(source, node);
      if (!found) return;
      const { start, end } = found.node;
      note({
        at: { path: source.path, start, end },
        model: found.name,
        isUnique: found.isUnique,
        sure: !isBackground(source, found.node) && !isLocalDriver(source),
      });
    };
    return { FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look };
  },
  project(_project, tell, notes) {
    if (notes.some(({ note }) => note === 'answers')) return;
    const byModel = new Map<string, Map<string, Exclude<Note, 'answers'>>>();
    for (const { note, path } of notes) {
      if (note === 'answers') continue;
      const key = `${bare(note.model)} ${note.sure} ${note.isUnique}`;
      const places = byModel.get(key) ?? new Map<string, Exclude<Note, 'answers'>>();
      byModel.set(key, places.set(`${path} ${'start' in note.at ? note.at.start : ''}`, note));
    }
    for (const places of byModel.values()) {
      const [first] = places.values();
      const others = places.size - 1;
      if (first)
        tell(first.at, {
          message: `Two requests at the same moment both find no ${first.model}, and both insert it: ${first.isUnique ? 'the unique index refuses the second, and nothing here handles that: a 500' : 'a duplicate, or an error of the unique index that nothing here handles'}.${others > 0 ? ` ${others === 1 ? 'Another place does' : `${others} other places do`} the same.` : ''}`,
          fix: first.isUnique
            ? 'Insert without the look, and answer the refusal of the unique index (ON CONFLICT, upsert, P2002, 23505).'
            : 'Put a unique index on it, insert without the look, and handle the refusal (ON CONFLICT, upsert, P2002, 23505).',
          ...(first.isUnique ? { severity: 'info' } : {}),
          ...(first.sure ? {} : { confidence: 'hint' }),
        });
    }
  },
});

/** The insert of a function that stands behind a look at the same table which decides about it. */
function raceIn(source: Source, node: FunctionSyntax): Asked | null {
  if (node.body?.type !== 'BlockStatement') return null;
  const text = source.textOf(node);
  if (!/\b(create|insert|save)\w*\b/i.test(text) || !/\bif\b/.test(text)) return null;
  if (guarding.test(source.textOf(wholeOf(source, node))) || isHook(source, node)) return null;
  const asked: Asked[] = [];
  everyNode(node.body, (one) => {
    if (one.type !== 'CallExpression' && one.type !== 'TaggedTemplateExpression') return;
    if (ownerOf(source, one, node) !== node) return;
    const found = askedBy(source, one);
    if (found) asked.push(found);
  });
  for (const look of asked) {
    if (!look.isLook || look.model === '') continue;
    const made = asked.find((one) => one.isMade && one.model === look.model && one.node.start > look.node.end);
    if (!made || !decides(source, node.body, look.node, made.node)) continue;
    // Whatever refuses the second is caught.
    if (look.isUnique && isTried(source, made.node)) continue;
    return { ...made, isUnique: look.isUnique };
  }
  return null;
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

/** SQLite in the process itself answers before anybody else is heard. */
const isLocalDriver = ({ text }: Source): boolean =>
  /from ['"](better-sqlite3|node:sqlite)['"]|require\(['"](better-sqlite3|node:sqlite)['"]\)/.test(text);

interface Asked {
  node: Syntax;
  /** The model or table as the code spells it. */
  name: string;
  /** The model or table, in one spelling: without capitals, and without what names add to it. */
  model: string;
  isLook: boolean;
  isMade: boolean;
  /** It looks by what the schema says is there once. */
  isUnique: boolean;
}

const bare = (model: string | null): string =>
  (model ?? '')
    .toLowerCase()
    .replace(/^.*\./, '')
    .replace(/(model|repository|repo|table)$/, '')
    .replace(/s$/, '');

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
      isUnique: isByUnique(own),
    };
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
  if (callee === null || (callee.type !== 'Identifier' && callee.type !== 'MemberExpression')) return null;
  const name = nameOf(callee) ?? '';
  const [looks, makes] = [
    /^(find|get|fetch|is|has|check)\w*(By|Taken|Exist|Registered|Used|User|Account)/.test(name),
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
        isUnique: looks && isByUnique(query),
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

const isLook = (query: Query): boolean =>
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

/** `if (found) throw …; … create`, `if (!found) { … create }`, or the look itself in the condition. */
function decides(source: Source, body: Syntax, look: Syntax, made: Syntax): boolean {
  const name = nameGiven(source, look);
  let decided = false;
  everyNode(body, (node) => {
    if (decided || node.type !== 'IfStatement' || node.start > made.start) return;
    const test = source.textOf(node.test);
    const isWithin = node.test.start <= look.start && node.test.end >= look.end;
    if (!isWithin) {
      if (name === null || node.start < look.end) return;
      if (!new RegExp(`^!?!?\\(?${name.replace(/\W/g, '\\$&')}\\b`).test(test)) return;
    }
    // A limit is counted, not a row looked for: another race, and another way out of it.
    if (/[<>]=?\s*(?![01]\b)[\w.]/.test(test)) return;
    const isInside = node.end >= made.end;
    const isAbsent = /^!(?!!)|===?\s*(null|undefined|0)\b|<\s*1\b/.test(test);
    // What is asked of the row is another question than whether it is there: `if (token.revoked)`.
    if (!isWithin && !isAbsent && name !== null && asksMore(test, name)) return;
    decided = isInside
      ? isAbsent || (node.alternate !== null && node.alternate.start <= made.start)
      : !isAbsent && leaves(node.consequent);
  });
  return decided;
}

const asksMore = (test: string, name: string): boolean => {
  const part = new RegExp(`^!?!?\\(?${name.replace(/\W/g, '\\$&')}\\s*\\??\\.(?:\\[0\\]\\??\\.?)?(\\w+)`).exec(
    test,
  )?.[1];
  return part !== undefined && !/^(length|id|_id|rows|rowCount|count|size|email|username|name)$/.test(part);
};

function leaves(node: Syntax): boolean {
  let left = false;
  everyNode(node, (inner) => {
    if (inner.type === 'ReturnStatement' || inner.type === 'ThrowStatement') left = true;
  });
  return left;
}
