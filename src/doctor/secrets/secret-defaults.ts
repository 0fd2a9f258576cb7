import { keyOf, propertyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { memberName } from '../code/objects.ts';
import type { Source } from '../code/source.ts';
import type { Tell, Words } from '../rule.ts';
import { isRequired } from './required-variables.ts';
import { secretVariableIn } from './secrets.ts';

/** One variable is forgotten in all files that have a text for it. */
const wordsFor = (variable: string): Pick<Words, 'message' | 'together'> => ({
  message: /(ADMIN|ROOT|OWNER|SUPER_?USER)\w*_PASS/i.test(variable)
    ? `Where ${variable} is not set, the administrator's password is a text that stands in the code: who has read it signs in as that account.`
    : `Where ${variable} is not set, the secret is a text that stands in the code: who has read it signs and signs in as the server does.`,
  together: `without ${variable}`,
});

/** `process.env.JWT_SECRET || 'secret'`: a text that is the secret wherever somebody forgot the variable. */
export function instead(source: Source, node: Extract<Syntax, { type: 'LogicalExpression' }>, tell: Tell): void {
  const text = stringValue(unwrap(node.right));
  const variable = node.operator === '&&' || !text ? null : secretVariableIn(source.textOf(node.left));
  if (variable === null || refuses(source, variable) || isRequired(source, node, variable)) return;
  tell(node.right, {
    ...wordsFor(variable),
    fix: forgotten,
    confidence: 'likely',
  });
}

/** The same in a schema of the environment: `JWT_SECRET: z.string().default('secret')`. */
export function defaulted(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const [first] = node.arguments;
  const text = first && memberName(unwrap(node.callee)) === 'default' ? stringValue(first) : null;
  const property = source.parentOf(node);
  const variable = property?.type === 'Property' ? secretVariableIn(`env.${keyOf(property) ?? ''}`) : null;
  if (!text || !first || variable === null || refuses(source, variable)) return;
  tell(first, {
    ...wordsFor(variable),
    fix: forgotten,
    confidence: 'likely',
  });
}

/** `config.get('JWT_SECRET', 'secret')`, `JWT_SECRET: str({ default: 'secret' })`. */
export function givenInstead(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>, tell: Tell): void {
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  const isRead = memberName(callee) === 'get' && second !== undefined && stringValue(second) !== null;
  const object = first ? unwrap(first) : null;
  const fallback = isRead
    ? second
    : object?.type === 'ObjectExpression' && callee.type === 'Identifier' && /^(str|string|env)$/.test(callee.name)
      ? propertyOf(object, 'default')
      : null;
  const property = source.parentOf(node);
  const variable = isRead
    ? secretVariableIn(source.textOf(node))
    : property?.type === 'Property'
      ? secretVariableIn(`env.${keyOf(property) ?? ''}`)
      : null;
  // A schema's own default is what makes a variable one that may be missing.
  if (isRead && variable !== null && isRequired(source, node, variable)) return;
  if (fallback) standsIn(source, fallback, variable, tell);
}

/** `const { JWT_SECRET = 'secret' } = process.env`. */
export function destructured(source: Source, node: Extract<Syntax, { type: 'VariableDeclarator' }>, tell: Tell): void {
  if (node.id.type !== 'ObjectPattern' || !node.init || !/\benv$/.test(source.textOf(node.init))) return;
  for (const one of node.id.properties)
    if (one.type === 'Property' && one.value.type === 'AssignmentPattern') {
      const variable = secretVariableIn(`env.${keyOf(one) ?? ''}`);
      if (variable !== null && isRequired(source, node, variable)) continue;
      standsIn(source, one.value.right, variable, tell);
    }
}

function standsIn(source: Source, fallback: Syntax, variable: string | null, tell: Tell): void {
  if (variable === null || !stringValue(unwrap(fallback)) || refuses(source, variable)) return;
  tell(fallback, {
    ...wordsFor(variable),
    fix: forgotten,
    confidence: 'likely',
  });
}

const forgotten =
  'Stop at the start where it is missing; if this ever ran without it, what was signed then is not to be believed.';

/** True where the file stops without the variable, in production at least. */
const refuses = (source: Source, variable: string): boolean =>
  new RegExp(`!\\s*[\\w.]*${variable}\\b`).test(source.text) && /\bthrow\b|process\.exit/.test(source.text);
