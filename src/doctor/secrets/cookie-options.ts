import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { objectAt, option, optionValue, type Written } from '../code/objects.ts';
import { isFunction, type Source } from '../code/source.ts';
import type { Words } from '../rule.ts';

/** What keeps a cookie from scripts, from plain HTTP and from other sites. */
export const flags: readonly string[] = ['httpOnly', 'secure', 'sameSite'];

/** What an options object does not switch on. What is decided elsewhere counts as on. */
export function missingIn(options: Written): string[] {
  const others = options.node.properties.filter((one) => one.type !== 'Property' || keyOf(one) === null);
  const texts = others.map((one) => options.source.textOf(one));
  // `...(isHttps ? { secure: true } : {})` says all that it may hold.
  if (!texts.every((text) => text.includes('{') && !/\.\.\.[^.]*\.\.\./.test(text))) return [];
  if (optionValue(options, 'maxAge') === 0) return [];
  return flags.filter((key) => {
    const value = option(options, key);
    return (value === null || literal(value) === false) && !texts.some((text) => text.includes(key));
  });
}

/** The options, written there, by a name, or as what a function of the project returns. */
export function optionsAt(source: Source, node: Syntax): Written | null {
  const object = objectAt(source, node);
  const inner = unwrap(node);
  if (object || inner.type !== 'CallExpression') return object;
  const made = definitionOf(source, inner.callee);
  if (!made || !isFunction(made.node) || !made.node.body) return null;
  const { body } = made.node;
  if (body.type !== 'BlockStatement') return objectAt(made.source, body);
  const returns = body.body.filter((one) => one.type === 'ReturnStatement');
  const [only] = returns;
  return returns.length === 1 && body.body.length === 1 && only?.type === 'ReturnStatement'
    ? objectAt(made.source, only.argument)
    : null;
}

/** `options.secure = true`, further on in the file. */
export function setLater(source: Source, node: Syntax): string[] {
  const inner = unwrap(node);
  if (inner.type !== 'Identifier') return [];
  return flags.filter((key) => new RegExp(`\\b${inner.name}\\.${key}\\s*=`).test(source.text));
}

/** Flags that the options of a session say off, in so many words. */
export function switchedOff(source: Source, node: Syntax | undefined, keys: readonly string[]): string[] {
  const options = objectAt(source, node);
  const inner = options && objectAt(options.source, option(options, 'cookie') ?? option(options, 'cookieOptions'));
  return keys.filter((key) =>
    [options, inner].some((one) => {
      const value = one && option(one, key);
      return value ? literal(value) === false : false;
    }),
  );
}

/** Words for a flag of a session that is said off. */
export const shownTo = (key: string): Words =>
  key === 'httpOnly'
    ? {
        message: "The session's cookie has httpOnly: false: any script on the page can read it and send it away.",
        fix: 'Set httpOnly: true: nothing in a page needs the id of the session.',
      }
    : {
        message:
          "The session's cookie has secure: false: it travels over plain HTTP too, and who listens on the way is signed in.",
        fix: "Set secure: process.env.NODE_ENV === 'production'.",
      };
