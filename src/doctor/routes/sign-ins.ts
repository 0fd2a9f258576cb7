import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { memberName, objectAt, option } from '../code/objects.ts';
import { originOf } from '../code/origin.ts';
import { reachedFrom, wordsOf } from '../code/reach.ts';
import { everyOf, type Source } from '../code/source.ts';
import { actionsOf } from './actions.ts';
import { isLimiting } from './limits.ts';

/** Something by which somebody signs in, that is no route of its own. */
export interface SignIn {
  name: string;
  node: Syntax;
}

/** Services that keep the passwords, and limit how often they are tried. */
export const byOthers = /supabase|cognito|auth0|workos|clerk|firebase|keycloak|stytch|kinde|signInWithPassword/i;
/** A code of OAuth, which its provider gives once and looks at itself. */
const exchanged = /\bauthorization_code\b/;

const called =
  /^(sign-?in|log-?in|sign-?up|register|forgotPassword|verify(Otp|Code|2fa|Totp))(Action|User|WithPassword|WithCredentials)?$/i;

/** Server actions of Next, `authorize` of Auth.js, procedures of tRPC and mutations of GraphQL by which somebody signs in or sets a password anew, where nothing limits them. */
export function signInsOf(source: Source): SignIn[] {
  const found = source.project.has('next') ? actions(source) : [];
  if (/redentials|[pP]rocedure|Mutation|betterAuth/.test(source.text))
    everyOf(source.program, ['CallExpression', 'Property', 'MethodDefinition'], (node) => {
      const one = authorizer(source, node) ?? procedure(source, node) ?? switchedOff(source, node);
      if (one) found.push(one);
    });
  return found;
}

const actions = (source: Source): SignIn[] =>
  actionsOf(source).filter(({ name, node }) => called.test(name) && isOpen(source, node) && !isHandedOn(source, node));

const client = /^(#fetch|(axios|ky|got|ofetch|wretch|undici|superagent|node-fetch)#)/;
const deciding = /^(bcrypt(js)?|argon2|scrypt(Sync)?|compare(Sync)?|prisma|signIn|timingSafeEqual)$/m;

/** An action that only asks another server, which anybody can ask as well: a limiter here would be walked round. */
function isHandedOn(source: Source, node: Syntax): boolean {
  const places = [{ source, node }, ...reachedFrom(source, [node])];
  if (places.some((place) => deciding.test(wordsOf(place.node)))) return false;
  return places.some((place) => {
    let asks = false;
    everyOf(place.node, ['CallExpression'], (one) => {
      if (one.type === 'CallExpression') asks ||= client.test(originOf(place.source, one.callee) ?? '');
    });
    return asks;
  });
}

/** True for code that looks at a password or a code, and neither limits nor leaves it to others. */
function isOpen(source: Source, node: Syntax): boolean {
  if (!/passw|otp|code/i.test(wordsOf(node)) || isLimiting(source, node, 3)) return false;
  const words = [wordsOf(node), ...reachedFrom(source, [node]).map((place) => wordsOf(place.node))].join('\n');
  return !byOthers.test(words) && (!exchanged.test(words) || /passw/i.test(words));
}

/** `CredentialsProvider({ authorize })`. */
function authorizer(source: Source, node: Syntax): SignIn | null {
  if (node.type !== 'CallExpression') return null;
  if (!/^(next-auth|@auth\/\w+)\/providers\/credentials#default$/.test(originOf(source, node.callee) ?? ''))
    return null;
  const options = objectAt(source, node.arguments[0]);
  const authorize = options && option(options, 'authorize');
  if (!options || !authorize || options.source !== source || !/passw|otp|code/i.test(wordsOf(options.node)))
    return null;
  return isOpen(source, options.node) ? { name: 'the sign-in by credentials (authorize)', node: authorize } : null;
}

/** `login: publicProcedure.input(…).mutation(…)`, `Mutation: { login: … }`, `@Mutation() login()`. */
function procedure(source: Source, node: Syntax): SignIn | null {
  if (node.type !== 'Property' && node.type !== 'MethodDefinition') return null;
  const name = keyOf(node);
  if (name === null || !called.test(name) || !node.value) return null;
  const value = unwrap(node.value);
  const isProcedure =
    value.type === 'CallExpression' &&
    memberName(unwrap(value.callee)) === 'mutation' &&
    /procedure/i.test(source.textOf(value.callee)) &&
    !/(protected|private|authed|authenticated|auth|admin|enterprise|owner|member|user|with\w+)Procedure/i.test(
      source.textOf(value.callee),
    );
  const object = node.type === 'Property' ? source.parentOf(node) : null;
  const holder = object ? source.parentOf(object) : null;
  const isResolver = holder?.type === 'Property' && keyOf(holder) === 'Mutation';
  const decorators = node.type === 'MethodDefinition' ? node.decorators : [];
  const isDecorated = decorators.some((one) => /^@Mutation\(/.test(source.textOf(one)));
  if (!isProcedure && !isResolver && !isDecorated) return null;
  const isGuarded = decorators.some((one) => isLimiting(source, one));
  return !isGuarded && isOpen(source, node) ? { name, node } : null;
}

/** `betterAuth({ rateLimit: { enabled: false } })`: it limits by itself otherwise. */
function switchedOff(source: Source, node: Syntax): SignIn | null {
  if (node.type !== 'CallExpression' || originOf(source, node.callee) !== 'better-auth#betterAuth') return null;
  const options = objectAt(source, node.arguments[0]);
  const limit = options && objectAt(options.source, option(options, 'rateLimit'));
  const enabled = limit && option(limit, 'enabled');
  return enabled && limit.source === source && literal(enabled) === false
    ? { name: 'the sign-in of better-auth (its own limit is switched off)', node: enabled }
    : null;
}
