import { keyOf, type Syntax } from '../../text/syntax.ts';
import { originOf } from './origin.ts';
import type { Source } from './source.ts';

/**
 * How a program takes a variable of its environment: `bare`: as it is, so that one that is missing is found out where it
 * is used; `checked`: it ends, or throws, where there is none; `optional`: it goes on without.
 */
export type Taken = 'bare' | 'checked' | 'optional';

export interface Taking {
  name: string;
  how: Taken;
  node: Syntax;
}

/** What a member expression takes of the environment, by a name in capitals (bundlers fill in others); null where it takes nothing, or sets it. */
export function takenBy(source: Source, node: Extract<Syntax, { type: 'MemberExpression' }>): Taking | null {
  const name = /^#process\.env\.([A-Z][A-Z0-9_]*)$/.exec(originOf(source, node) ?? '')?.[1];
  if (name === undefined || isWritten(source, node)) return null;
  const here = contextOf(source, node);
  if (here !== 'bare') return { name, how: here, node };
  const declared = source.parentOf(skipped(source, node));
  const constant =
    declared?.type === 'VariableDeclarator' && declared.id.type === 'Identifier' ? declared.id.name : null;
  return { name, how: elsewhere(source, [`process\\.env\\.${name}`, ...(constant === null ? [] : [constant])]), node };
}

/** What `const { A, B = 1 } = process.env` takes. */
export function takenApart(source: Source, node: Extract<Syntax, { type: 'VariableDeclarator' }>): Taking[] {
  if (node.id.type !== 'ObjectPattern' || !node.init || originOf(source, node.init) !== '#process.env') return [];
  return node.id.properties.flatMap((property): Taking[] => {
    const name = property.type === 'Property' ? keyOf(property) : null;
    if (property.type !== 'Property' || name === null) return [];
    const { value } = property;
    if (value.type === 'AssignmentPattern') return [{ name, how: 'optional', node: property }];
    return [{ name, how: elsewhere(source, [value.type === 'Identifier' ? value.name : name]), node: property }];
  });
}

/** Casts and parentheses around a node, which change nothing of what it is. */
function skipped(source: Source, node: Syntax): Syntax {
  const parent = source.parentOf(node);
  return parent && /^(TS(As|NonNull|Satisfies)\w*|ParenthesizedExpression)$/.test(parent.type)
    ? skipped(source, parent)
    : node;
}

function isWritten(source: Source, node: Syntax): boolean {
  const parent = source.parentOf(skipped(source, node));
  return (
    (parent?.type === 'AssignmentExpression' && parent.left === node) ||
    (parent?.type === 'UnaryExpression' && parent.operator === 'delete')
  );
}

/** How a read is used where it stands. */
function contextOf(source: Source, node: Syntax): Taken {
  const inner = skipped(source, node);
  const parent = source.parentOf(inner);
  switch (parent?.type) {
    case 'LogicalExpression':
      return parent.left === inner ? 'optional' : contextOf(source, parent);
    case 'BinaryExpression':
      return parent.operator === '+' ? 'bare' : 'optional';
    case 'UnaryExpression':
      return endsWithout(source, parent) ? 'checked' : 'optional';
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === inner ? 'optional' : 'bare';
    case 'SwitchStatement':
      return parent.discriminant === inner && parent.cases.some(({ test }) => test === null) ? 'optional' : 'bare';
    case 'MemberExpression':
      return parent.optional ? 'optional' : 'bare';
    case 'CallExpression':
      if (/^(Number(\.parse\w+)?|parseInt|parseFloat|String)$/.test(source.textOf(parent.callee)))
        return contextOf(source, parent);
      return /^([\w.]+\.)?(Boolean|isTrue|isTruthy|boolean|bool|toBool(ean)?|parseBool(ean)?)$/.test(
        source.textOf(parent.callee),
      )
        ? 'optional'
        : /assert|invariant|require[dE]|must/i.test(source.textOf(parent.callee))
          ? 'checked'
          : 'bare';
    default:
      return 'bare';
  }
}

/** `if (!process.env.A) throw …`, or what ends the process. */
function endsWithout(source: Source, negation: Syntax): boolean {
  for (const parent of source.above(negation)) {
    if (parent.type === 'IfStatement') return /\bthrow\b|\bexit\(/.test(source.textOf(parent.consequent));
    if (parent.type !== 'LogicalExpression') return false;
  }
  return false;
}

/** What the rest of the file does about a variable by one of its names. */
function elsewhere(source: Source, names: readonly string[]): Taken {
  const name = `(?:${names.join('|')})\\b`;
  if (
    new RegExp(`!\\s*${name}[^{;]*\\)\\s*\\{?\\s*(?:[\\w.]+\\([^;]*;\\s*)*(throw\\b|[\\w.]*exit\\()`).test(source.text)
  )
    return 'checked';
  if (new RegExp(`\\b(assert|invariant|\\w*require\\w*Env)\\w*(\\.\\w+)?\\(\\s*${name}`, 'i').test(source.text))
    return 'checked';
  return new RegExp(`(!|\\bif\\s*\\(|&&\\s*|\\?\\s*)${name}|${name}\\s*(\\?\\?|\\|\\||&&|\\?|===?|!==?)`).test(
    source.text,
  )
    ? 'optional'
    : 'bare';
}
