import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { bindingOf } from '../code/names.ts';
import type { Source } from '../code/source.ts';
import type { Query } from './query.ts';

/** The words of an SQL text: a string, a template (its values as `?`), text put together, or an object with `text`. */
export function sqlText(source: Source, node: Syntax): string | null {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'Literal':
      return stringValue(inner);
    case 'TemplateLiteral':
      return inner.quasis.map(({ value }) => value.cooked ?? value.raw).join('?');
    case 'TaggedTemplateExpression':
      return inner.quasi.quasis.map(({ value }) => value.cooked ?? value.raw).join('?');
    case 'BinaryExpression':
      return `${sqlText(source, inner.left) ?? '?'}${sqlText(source, inner.right) ?? '?'}`;
    case 'Identifier': {
      const binding = bindingOf(source, inner);
      return binding?.init && binding.path.length === 0 ? sqlText(source, binding.init) : null;
    }
    case 'ObjectExpression': {
      const text = inner.properties.find((property) => property.type === 'Property' && keyOf(property) === 'text');
      return text?.type === 'Property' ? sqlText(source, text.value) : null;
    }
    default:
      return null;
  }
}

/** What an SQL text asks, by its first word, and of which table. */
export function sqlKind(text: string): Pick<Query, 'kind' | 'model'> {
  const word = /^\s*(?:\/\*[\s\S]*?\*\/\s*)?(\w+)/.exec(text)?.[1]?.toLowerCase() ?? '';
  const table = (pattern: RegExp): string | null => pattern.exec(text)?.[1]?.replace(/["`]/g, '') ?? null;
  switch (word) {
    case 'select': {
      // What stands before a bracket is a function: `extract(epoch from now())`.
      const model = table(/\bfrom\s+([\w."`]+)(?![\w."`]|\s*\()/i);
      if (
        /\b(count|sum|max|min|avg|exists|array_agg|json_agg|jsonb_agg)\s*\(/i.test(text) &&
        !/\bgroup\s+by\b/i.test(text)
      )
        return { kind: 'number', model };
      // Where a value stands in the text for the table, it has none that is known.
      const isFrom = model !== null || /\bfrom\s+\?/i.test(text);
      return { kind: /\blimit\s+1\b/i.test(text) ? 'one' : isFrom ? 'many' : 'raw', model };
    }
    case 'insert':
      return { kind: 'create', model: table(/\binto\s+([\w."]+)/i) };
    case 'update':
      return { kind: 'update', model: table(/\bupdate\s+([\w."]+)/i) };
    case 'delete':
      return { kind: 'delete', model: table(/\bfrom\s+([\w."]+)/i) };
    default:
      return { kind: 'raw', model: null };
  }
}
