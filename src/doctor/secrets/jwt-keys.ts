import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import type { Place } from '../code/exports.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import type { Spot, Tell } from '../rule.ts';
import { strong } from './given-secrets.ts';
import { isPlaceholder, isRandom, secretVariableIn } from './secrets.ts';

/** Reports a key of tokens that is written in the code, or that is taken where the environment has none: at `at` or where it is given, and where another file holds it, there. */
export function keyed(source: Source, key: Syntax | undefined, tell: Tell, at?: Syntax): void {
  if (!key) return;
  const place = placeOf(source, key);
  const value = place?.node;
  if (!place || !value || /\.(test|spec)\./.test(place.source.path)) return;
  const isFallback = value.type === 'LogicalExpression' && value.operator !== '&&';
  // sec/hardcoded-secret finds that, once, where it stands; and private keys by their shape.
  if (isFallback && secretVariableIn(place.source.textOf(value.left)) !== null) return;
  const text = textIn(place.source, isFallback ? value.right : value);
  if (text === null || text === '' || /BEGIN [A-Z ]*(PUBLIC|PRIVATE) KEY|BEGIN CERTIFICATE/.test(text)) return;
  if (!isFallback && isToldByName(place, text)) return;
  const stands = place.source.path === source.path ? (at ?? key) : spotOf(place);
  tell(stands, {
    message: isFallback
      ? `Where ${place.source.textOf(value.left).replace(/\s+/g, ' ')} is not set, tokens are signed with a key that stands in the code: who has read it signs in as anybody.`
      : 'The key of tokens stands in the code: who has read it signs in as anybody.',
    fix: isFallback
      ? 'Stop at the start where the variable is missing, and change the key if that ever ran.'
      : 'Read it from the environment, stop at the start where it is missing, and change it: it is known.',
    confidence: isFallback ? 'likely' : 'certain',
    ...(isToBeChanged(place.source, text) ? { confidence: 'hint' as const, severity: 'info' as const } : {}),
  });
}

/** `const secret = '…'`: by its name sec/hardcoded-secret finds that, once, where it stands. */
function isToldByName({ source, node }: Place, text: string): boolean {
  const holder = source.parentOf(node);
  const name =
    holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
      ? holder.id.name
      : holder?.type === 'Property'
        ? keyOf(holder)
        : null;
  if (name === null || source.kind !== 'app' || /\s/.test(text)) return false;
  return strong.test(name)
    ? text.length >= 12
    : /(secret|private_?key|secret_?key)$/i.test(name) && isRandom(text) && !isPlaceholder(text);
}

/** A text of an example's folder that says itself that it must not stay. */
const isToBeChanged = ({ path, project }: Source, text: string): boolean =>
  /(^|\/)(\w+-)?examples?\//.test(`${project.around?.folder ?? ''}/${path}`) &&
  /change|replace|your|example|\bdev\b/i.test(text);

/** True for a secret that both sides know, by its name or its words: no key of it is public. */
export function isShared(source: Source, key: Syntax): boolean {
  const text = source.textOf(constantOf(source, key) ?? unwrap(key));
  return /^((process\.)?env\.|config(\.\w+)*\.)?\w*secret\w*!?$/i.test(text) && !/public|cert/i.test(text);
}

const spotOf = ({ source, node }: Place): Spot => ({ path: source.path, start: node.start, end: node.end });

const bytes = /^(#Buffer\.from|#TextEncoder\(\)\.encode|crypto#createSecretKey)$/;

/** The key as it stands there: a text, or the bytes of one. */
function textIn(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  const text = stringValue(inner);
  if (text !== null) return text;
  if (inner.type !== 'CallExpression' || !bytes.test(originOf(source, inner.callee) ?? '')) return null;
  const [first] = inner.arguments;
  const place = first ? placeOf(source, first) : null;
  return place ? textIn(place.source, place.node) : null;
}
