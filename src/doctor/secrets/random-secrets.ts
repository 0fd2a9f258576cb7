import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { callsOf, ownName } from '../code/callers.ts';
import { memberName, namesAround } from '../code/objects.ts';
import { wordsOf } from '../code/reach.ts';
import { type FunctionSyntax, functionAround, isFunction, type Source } from '../code/source.ts';
import { unguessable } from '../mends/random.ts';
import type { Tell, Words } from '../rule.ts';

/** Names whose value must not be guessed. */
export const secretName =
  /((access|auth|api|reset|session|csrf|xsrf|verification|confirmation|invite|invitation|activation|refresh|bearer|login|magic)_?(token|code|key|link|id)|(^|_|[a-z])(otp|Otp|OTP|token|Token|secret|Secret|password|Password|passcode|Passcode|salt|Salt|apiKey|api_key|pinCode|tempPassword|temporaryPassword))s?$/;
const generator =
  /^(generate|create|make|random|new|gen|get)_?(random)?_?(secure|temp(orary)?|reset|access|auth|session|verification)?_?(otp|token|password|secret|api_?key|pass(word|code)|salt|verification_?code|reset_?code|pin_?code)$/i;
const code = /^(generate|create|make|gen|get)_?(random|numeric|unique)?_?code$/i;
const ofSignIn = /verif|otp|reset|2fa|mfa|confirm|invit|activat/i;
const making = /^(generate|create|make|random|new|gen|get|build)/i;
/** A file that draws so many things makes data to play with. */
const mostDraws = 6;

/** Reports `Math.random()` where what it makes must not be guessed, by the names around it. */
export function drawn(source: Source, node: Syntax, tell: Tell): void {
  const around = functionAround(source, node);
  const words = around ? wordsOf(around) : '';
  // What is taken where there is no crypto, as in old browsers.
  if (/getRandomValues|randomBytes|randomInt|randomUUID/.test(words)) return;
  if (source.text.split('Math.random').length > mostDraws || isAmount(source, node)) return;
  const ofFunction = around ? namesOf(source, around) : [];
  for (const name of namesAround(source, node)) {
    // What a function does with a password need not make one: `hashPassword()`.
    if (ofFunction.includes(name) && around?.body?.type === 'BlockStatement' && !making.test(name)) continue;
    const isCode =
      code.test(name) &&
      around !== null &&
      callsOf(source, around).some(({ source: from }) => ofSignIn.test(from.text));
    if (!secretName.test(name) && !generator.test(name) && !isCode) continue;
    if (/count|length|limit|index|max|min|usage|price/i.test(name)) continue;
    if (/salt$/i.test(name) && !/hash|passw|crypt/i.test(words)) continue;
    tell(node, wordsFor(source, node, name));
    return;
  }
  const name = textBuilding.test(around ? source.textOf(around) : '') ? givenAs(source, node) : null;
  if (name === null) return;
  const said = wordsFor(source, node, name);
  // A salt has to differ from others; that nobody can compute it is of little worth.
  tell(node, /salt$/i.test(name) ? { ...said, severity: 'info', confidence: 'hint' } : said);
}

/** `{ length: 20 + Math.floor(Math.random() * 20) }`: how long a secret is, and not what stands in it. */
function isAmount(source: Source, node: Syntax): boolean {
  for (const parent of source.above(node)) {
    if (parent.type === 'Property') return /^(length|len|size|count|delay|rounds)$/i.test(keyOf(parent) ?? '');
    if (isFunction(parent)) return false;
  }
  return false;
}

const wordsFor = (source: Source, node: Syntax, name: string): Words => ({
  message: `Math.random() makes ${name}: whoever has seen a few of its values can compute the next.`,
  edits: unguessable(source, node),
  fix: 'Take crypto.randomBytes(32), crypto.randomUUID() or crypto.randomInt(max).',
});

/** What puts a text together of what was drawn, and does not choose one thing of a list. */
const textBuilding = /\.toString\((16|32|36)\)|\+=|\.join\(|\.charAt\(/;

/** The name of a secret that the project has from the function that draws: `genToken = () => randomHex(16)`. */
function givenAs(source: Source, node: Syntax): string | null {
  for (const fn of source.above(node)) {
    if (!isFunction(fn)) continue;
    for (const { source: from, call } of callsOf(source, fn)) {
      const name = from.kind === 'app' ? takenAs(from, call) : null;
      if (name !== null && secretName.test(name)) return name;
    }
  }
  return null;
}

/** The name that a call's value gets as it is, or as a part of a text: of a variable, a property, or the function that returns it. */
function takenAs(source: Source, call: Syntax): string | null {
  let inner = call;
  for (const parent of source.above(call)) {
    if (parent.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : null;
    if (parent.type === 'AssignmentExpression') {
      const left = unwrap(parent.left);
      return left.type === 'Identifier' ? left.name : memberName(left);
    }
    if (parent.type === 'Property') return keyOf(parent);
    if (isFunction(parent)) return namesOf(source, parent).find((name) => making.test(name)) ?? null;
    const isOn =
      parent.type === 'MemberExpression'
        ? parent.object === inner
        : parent.type === 'CallExpression'
          ? parent.callee === inner
          : /^(Await|Template|Binary|TSAs|Return|Block)/.test(parent.type);
    if (!isOn) return null;
    inner = parent;
  }
  return null;
}

/** The names that a function is known by. */
const namesOf = (source: Source, fn: FunctionSyntax): readonly string[] => {
  const own = ownName(fn);
  return [...(own === null ? [] : [own]), ...namesAround(source, fn)];
};
