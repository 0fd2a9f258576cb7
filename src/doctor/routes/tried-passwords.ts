import type { Syntax } from '../../text/syntax.ts';
import type { Place } from '../code/exports.ts';
import { reachedFrom, wordsOf } from '../code/reach.ts';
import { everyNode, isFunction, type Source } from '../code/source.ts';

/** Words of a route that knows who asks before it runs. */
export const authed =
  /auth|session|currentUser|requireUser|get(NonNull|Current|Required)?User|jwt|protect|clerk|guard|apiKey/i;

const named = '(compare|check|verify|valid(ate)?|is_?valid)_?passw(or)?d|passw(or)?d_?match(es)?';
const comparing = new RegExp(`^(bcrypt(js)?|argon2|${named})$`, 'im');
const compared = new RegExp(`^(compare(Sync)?|verify|${named})$`, 'im');

/** `POST /`: what passport does by a password, or a function that compares one, for somebody who is not known yet. */
export function signsIn(words: string, before: string): boolean {
  if (/^passport$/m.test(words) && /^authenticate$/m.test(words) && /^local$/m.test(words)) return true;
  return !authed.test(before) && comparing.test(words) && compared.test(words);
}

/** `process.env.PASSWORD === password`: the one password of a program for one person. */
export function isAgainstSetting({ source, node }: Place): boolean {
  let found = false;
  everyNode(node, (one) => {
    if (found || one.type !== 'BinaryExpression' || !/^[!=]==?$/.test(one.operator)) return;
    const sides = [source.textOf(one.left), source.textOf(one.right)];
    found = sides.some((side) => setting.test(side)) && sides.some((side) => /^[\w.]*pass(word|phrase)$/i.test(side));
  });
  return found;
}
const setting = /^process\.env\.\w*PASS(WORD|PHRASE)?$/;

/** What an account is made of, or known by. */
const ofAccount = /^(e_?-?mail\w*|\w*passw\w*|user_?name|login|phone\w*|createUser|passport|sign_?up)$/im;

/** True for a handler that takes its fields by name, none of which is of an account: it registers a device, or a thing. */
export function takesNoAccount(source: Source, handler: Syntax): boolean {
  const places = reachedFrom(source, [handler], 0);
  return (
    places.length > 0 &&
    places.every(({ source: from, node }) => {
      const text = from.textOf((isFunction(node) && node.body) || node);
      // `const body = bodyOf(request)` reads it; `register(body)` hands it on.
      const given = text.replace(/=\s*(await\s+)?[\w.]+\(\s*(req|request)\s*\)/g, '');
      return (
        /\bbody\b/.test(text) &&
        !ofAccount.test(wordsOf(node)) &&
        !/[,(:]\s*(\.\.\.)?((req|request|ctx)\.)?(body|data|input|dto|payload|req|request)\s*[,)}]/.test(given)
      );
    })
  );
}
