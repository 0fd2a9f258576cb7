import { literal, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import type { Source } from '../code/source.ts';
import type { Tell } from '../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Files that make rows to begin with, or to try things out. */
const sown = /(^|[/._-])(seed(s|er|ers|ing)?|fixtures?|generat(ion|or|ors)|populate)([/._-]|$)/i;

const text = (source: Source, node: Syntax): string | null => {
  const place = placeOf(source, node);
  return place ? stringValue(place.node) : null;
};

/** Reports a bcrypt that is cheaper than its default. */
export function cost(source: Source, node: Call, origin: string, tell: Tell): void {
  const given = node.arguments[/genSalt/.test(origin) ? 0 : 1];
  const place = given ? (placeOf(source, given) ?? { source, node: unwrap(given) }) : null;
  const value = place ? literal(place.node) : undefined;
  if (!place || typeof value !== 'number' || value >= 10 || value < 1) return;
  // Hashes that are there keep their own cost, and are checked by it.
  const isPlain =
    place.source === source && (place.node === given || /salt|round|cost/i.test(source.textOf(given ?? node)));
  // A text of the code (of a seed) is known without any search.
  const [hashedText] = node.arguments;
  const isKnown =
    sown.test(source.path) ||
    (!/genSalt/.test(origin) && hashedText !== undefined && text(source, hashedText) !== null);
  tell(node, {
    ...(isKnown ? { confidence: 'hint' as const } : {}),
    message: `Cost ${value}: this bcrypt is ${2 ** (10 - value)} times faster to search than at cost 10.`,
    fix: 'Take a cost of 10 or above: 12 costs about a quarter of a second.',
    severity: value < 8 ? 'error' : 'warning',
    ...(isPlain ? { edits: [{ start: place.node.start, end: place.node.end, text: '10' }] } : {}),
  });
}

/** Reports a PBKDF2 of few rounds. */
export function iterations(source: Source, node: Call, tell: Tell): void {
  const given = node.arguments[2];
  const value = given ? literal(placeOf(source, given)?.node ?? given) : undefined;
  if (typeof value !== 'number' || value >= 10_000) return;
  tell(node, {
    message: `${value} rounds of PBKDF2 are searched as fast as a plain hash.`,
    fix: 'Take 600,000 rounds of SHA-256 (210,000 of SHA-512), or crypto.scrypt.',
  });
}
