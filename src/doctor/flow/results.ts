import { type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Calls whose result is a number, a boolean or a text without a meaning of its own, whatever goes in. */
export const plainCalls =
  /^#(encodeURIComponent|Number|parseInt|parseFloat|Boolean|BigInt|isNaN|Number\.\w+|Math\.\w+|Array\.isArray|Date\.now|String\.fromCharCode)$|^(crypto#(randomUUID|randomBytes|createHash|createHmac)|uuid#\w+|nanoid#\w+)|\bObjectId(\.\w+)?$/;
/** Methods whose result is one as well. */
export const plainMethods =
  /^(includes|indexOf|startsWith|endsWith|test|has|toFixed|getTime|toISOString|valueOf|some|every|findIndex|charCodeAt|codePointAt|digest|escapeId|escapeIdentifier|escapeLiteral)$/;
/** Methods that give a checked value: schemas of every library. */
export const checks =
  /^(parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync|assert|decode|cast|Parse|Check|valid)$/;
/** Global functions whose result holds what they are given. */
export const carriers =
  /^#(JSON\.(parse|stringify)|Object\.(fromEntries|assign|keys|values|entries)|String|decodeURIComponent|decodeURI|encodeURI|unescape|structuredClone)$/;
/** Functions of the project that are named for making a value harmless. */
export const cleaning =
  /saniti[sz]e|escape|clean|safe|valid|slug|allow|check|verify|assert|strip|encode|hash|sign|normali[sz]e|quote/i;

/** `/[^\w-]/g`: what such a pattern takes out of a text leaves harmless letters only. */
const leavesOnly = /^\/\[\^[^\]./\\]*(\\[wd][^\]./\\]*)*\]\+?\/\w*g/;

/** True for `x.replace(…)` that leaves harmless letters only, or none of those that do harm. */
export function isStripped(source: Source, { arguments: [outer, put] }: Call, without?: string): boolean {
  if (!outer) return false;
  const pattern = constantOf(source, outer) ?? unwrap(outer);
  const known = leavesOnly.test(source.textOf(pattern));
  if (without === undefined || pattern.type !== 'Literal' || !('regex' in pattern) || !put) return known;
  const { pattern: text, flags } = pattern.regex;
  const made = unwrap(put);
  if (made.type !== 'Literal' || typeof made.value !== 'string' || !simpleClass.test(text)) return known;
  const finds = new RegExp(text, flags.replace(/[gy]/g, ''));
  const isRid = [...without].every((letter) => finds.test(letter));
  return flags.includes('g') && isRid && !includesAny(made.value, without);
}

/** `[^a-z.]+`, `\/`: a pattern of one letter or of one class. */
const simpleClass = /^(\[(?:[^\]\\]|\\.)+\]|\\.)\+?$/;
const includesAny = (text: string, letters: string): boolean => [...letters].some((one) => text.includes(one));

/** True where the result holds the arguments: paths, strings put together, buffers. */
export const passesOn = (method: string): boolean =>
  /^(concat|join|replace|replaceAll|padStart|padEnd|format|from|resolve|normalize)$/.test(method);

export const isOfPaths = (origin: string | null): boolean =>
  origin !== null && /^(path|querystring|url|qs|cookie)#|^util#(default\.)?(format|inspect)$/.test(origin);
