import type { Syntax } from '../../text/syntax.ts';
import { callsOf } from '../code/callers.ts';
import { namesAround } from '../code/objects.ts';
import { wordsOf } from '../code/reach.ts';
import { type FunctionSyntax, functionAround, type Source } from '../code/source.ts';
import { unguessable } from '../mends/random.ts';
import type { Tell } from '../rule.ts';

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
  if (source.text.split('Math.random').length > mostDraws) return;
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
    tell(node, {
      message: `Math.random() makes ${name}: whoever has seen a few of its values can compute the next.`,
      edits: unguessable(source, node),
      fix: 'Take crypto.randomBytes(32), crypto.randomUUID() or crypto.randomInt(max).',
    });
    return;
  }
}

/** The names that a function is known by. */
const namesOf = (source: Source, fn: FunctionSyntax): readonly string[] => [
  ...('id' in fn && fn.id ? [fn.id.name] : []),
  ...namesAround(source, fn),
];
