import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { definitionOf, placeOf } from './definition.ts';
import { exportNode, type Place } from './exports.ts';
import { everyOf, isFunction, type Source } from './source.ts';

const most = 40;

/**
 * The functions and classes that run for some expressions (a route's middlewares and its handler), and what they call
 * in the project's own files, as far as that can be told, to a depth.
 */
export function reachedFrom(source: Source, roots: readonly Syntax[], depth = 2): readonly Place[] {
  const found: Place[] = [];
  const add = (place: Place | null, left: number): void => {
    if (place === null || found.length >= most) return;
    if (found.some(({ node }) => node === place.node)) return;
    found.push(place);
    if (left === 0) return;
    everyOf(place.node, ['CallExpression'], (node) => {
      if (node.type === 'CallExpression') add(definitionOf(place.source, node.callee), left - 1);
    });
  };
  const start = (from: Source, node: Syntax, isHeld = false): void => {
    const inner = node.type === 'Decorator' ? unwrap(node.expression) : unwrap(node);
    if (isFunction(inner)) add({ source: from, node: inner }, depth);
    else if (inner.type === 'CallExpression') {
      add(definitionOf(from, inner.callee), depth);
      for (const one of inner.arguments) start(from, one, isHeld);
    } else if (inner.type === 'ArrayExpression') {
      for (const one of inner.elements) if (one) start(from, one, isHeld);
    } else {
      const place = definitionOf(from, inner);
      // `exports.login = caught(async (req, res) => …)`
      const held = place || isHeld ? null : wholeOf(placeOf(from, inner));
      if (held?.node.type === 'CallExpression') start(held.source, held.node, true);
      else add(place, depth);
    }
  };
  for (const root of roots) start(source, root);
  return found;
}

/** A file that was required: what it exports as a whole. */
function wholeOf(place: Place | null): Place | null {
  if (place?.node.type !== 'Program') return place;
  const whole = exportNode(place.source.project, place.source.path, 'default');
  return whole && placeOf(whole.source, whole.node);
}

const knownWords = new WeakMap<Syntax, string>();

/** The names and texts of a piece of code, one to a line: what it speaks of, without its comments. */
export function wordsOf(node: Syntax): string {
  const before = knownWords.get(node);
  if (before !== undefined) return before;
  const words: string[] = [];
  everyOf(node, ['Identifier', 'PrivateIdentifier', 'TemplateElement', 'Literal'], (one) => {
    if (one.type === 'Identifier' || one.type === 'PrivateIdentifier') words.push(one.name);
    else if (one.type === 'TemplateElement') words.push(one.value.raw);
    else if (one.type === 'Literal' && typeof one.value === 'string') words.push(one.value);
  });
  const text = words.join('\n');
  knownWords.set(node, text);
  return text;
}

/** The text that an expression is, through names and the project's own files; null where it is none that is written down. */
export function writtenText(source: Source, node: Syntax): string | null {
  const place = placeOf(source, node);
  return place ? stringValue(place.node) : null;
}
