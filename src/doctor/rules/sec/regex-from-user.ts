import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { everyOf, type Source } from '../../code/source.ts';
import { isNear } from '../../flow/near.ts';
import type { Following } from '../../flow/search.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { isForAdmins } from '../../routes/handlers.ts';
import { defineRule, type Words } from '../../rule.ts';

/** Calls after which a text has no meaning of its own in a pattern. */
const escaping = /escape/i;
/** `.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')` */
const isEscape = (text: string): boolean => /\.replace(All)?\(\s*\/\[[^/]*[*?+.\\][\s\S]*\\\\/.test(text);
/** A repetition of a repetition: the time that such a pattern takes can double with each letter. */
const nested = /\((?:\?:)?[^()]*[+*]\)[+*]/;

export const regexFromUser = defineRule({
  id: 'sec/regex-from-user',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The client writes a regular expression that the server runs.',
  why: 'A pattern such as `(a+)+$` takes minutes on forty letters, and while it runs the process answers nobody: one request stops the server. A pattern also finds more than the words that were meant. Escape the text before it becomes a pattern (`RegExp.escape`, or replace its special letters), search with `includes`, or use an engine without backtracking.',
  remedy: 'words',
  owasp: 'API4',
  securitySeverity: 6.5,
  mentions: /RegExp|\$i?regex|\.(test|match|replace|search|exec)\(/,
  file: (source, tell) => {
    const following: Following = {
      cleans: (call, origin) =>
        (origin !== null && escaping.test(origin)) ||
        escaping.test(source.textOf(call.callee)) ||
        isEscape(source.textOf(call)),
      without: '()[]{}*+?|\\',
    };
    const comes = (pattern: Syntax, at: Syntax): boolean =>
      isSent(taintOf(source, pattern, following)) && !isGuarded(source, pattern, at) && !escaped(source, pattern);
    const made = (node: Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>): void => {
      const [pattern] = node.arguments;
      if (!pattern || originOf(source, node.callee) !== '#RegExp' || isOnlyTried(source, node)) return;
      if (!comes(pattern, node)) return;
      const isPlain = isNear(source, pattern, following) && !isForAdmins(source, node);
      tell(node, { ...wordsFor(source, node), ...(isPlain ? {} : { confidence: 'hint' }) });
    };
    return {
      NewExpression: made,
      CallExpression(node) {
        made(node);
        const pattern = slowPattern(source, node);
        if (pattern === null) return;
        tell(pattern, {
          message: `${short(source, pattern)} repeats a repetition, and reads what the client sends: the time it takes can double with each letter.`,
          fix: 'Write the pattern without a repetition inside a repetition, and limit the length of the text first.',
          confidence: 'hint',
        });
      },
      Property(node) {
        if (!/^\$i?regex$/.test(keyOf(node) ?? '') || !comes(node.value, node)) return;
        tell(node, {
          message: 'What the client sends becomes a regular expression that the database runs over every document.',
          fix: 'Escape the text before it becomes a pattern, or use a text index.',
          confidence: 'hint',
        });
      },
    };
  },
});

const wordsFor = (source: Source, node: Syntax): Words =>
  isOfQuery(source, node)
    ? {
        message: `What the client sends becomes a pattern of a query (${short(source, node)}): "(" throws a SyntaxError, and what does not runs over every document.`,
        fix: 'Escape the text with RegExp.escape() or by replacing its special letters.',
      }
    : {
        message: `What the client sends becomes a regular expression (${short(source, node)}): a pattern that backtracks stops the whole process.`,
        fix: 'Escape the text with RegExp.escape() or by replacing its special letters, or search with includes().',
      };

/** `try { new RegExp(text); } catch { … }`: it is read to see whether it is one, and never run. */
const isOnlyTried = (source: Source, node: Syntax): boolean => {
  const [parent, ...above] = source.above(node);
  return parent?.type === 'ExpressionStatement' && above.some((one) => one.type === 'TryStatement');
};

/** True for a pattern that is kept under the name of a field for MongoDB, which runs it by itself: `filter.name = new RegExp(text)`; also by a name that is used for nothing else. */
function isOfQuery(source: Source, node: Syntax): boolean {
  if (!['mongoose', 'mongodb', '@nestjs/mongoose'].some((one) => source.project.has(one))) return false;
  const [parent] = source.above(node);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') {
    const users = usersOf(source, parent.id);
    return users.length > 0 && users.every((user) => isKept(user));
  }
  return isKept(parent);
}

const isKept = (parent: Syntax | undefined): boolean =>
  parent?.type === 'Property' || (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression');

/** What a name is used in. */
function usersOf(source: Source, id: Extract<Syntax, { type: 'Identifier' }>): Syntax[] {
  const binding = bindingOf(source, id);
  const users: Syntax[] = [];
  everyOf(binding?.scope ?? source.program, ['Identifier'], (one) => {
    const parent = source.parentOf(one);
    if (one === id || one.type !== 'Identifier' || one.name !== id.name || parent === null) return;
    if (bindingOf(source, one)?.declaration === binding?.declaration) users.push(parent);
  });
  return users;
}

const short = (source: Source, node: Syntax): string => source.textOf(node).replace(/\s+/g, ' ').slice(0, 60);

/** True where the text was escaped on its way, by a call or a replace that stands there. */
function escaped(source: Source, pattern: Syntax): boolean {
  const value = constantOf(source, pattern) ?? pattern;
  return /escape/i.test(source.textOf(value)) || isEscape(source.textOf(value));
}

/** The literal pattern of `/(a+)+$/.test(req.body.x)` or `req.body.x.match(/(a+)+$/)`. */
function slowPattern(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Syntax | null {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const [first] = node.arguments;
  if (!first || !/^(test|exec|match|replace|search)$/.test(callee.property.name)) return null;
  const isTest = /^(test|exec)$/.test(callee.property.name);
  const [pattern, text] = isTest ? [callee.object, first] : [first, callee.object];
  const written = constantOf(source, pattern) ?? unwrap(pattern);
  if (written.type !== 'Literal' || !('regex' in written) || !nested.test(written.regex.pattern)) return null;
  return isSent(taintOf(source, text)) ? pattern : null;
}
