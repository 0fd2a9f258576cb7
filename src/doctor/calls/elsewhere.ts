import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { bindingOf, constantOf } from '../code/names.ts';
import { writtenText } from '../code/reach.ts';
import type { Source } from '../code/source.ts';

/** An address outside of this process: no path of the own page, nothing that browsers alone are given, no request passed on. */
export function isElsewhere(source: Source, url: Syntax): boolean {
  const inner = constantOf(source, url) ?? unwrap(url);
  const written = leadingText(source, inner);
  const text = stringValue(inner) ?? source.textOf(inner);
  if (/^[`'"]?(\/(?!\/)|data:|blob:|file:)/.test(text) || (written !== null && !hasScheme.test(written))) return false;
  if (/NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|VUE_APP_|window\b/.test(text)) return false;
  if (/^(import\.meta\.url|new URL\([^)]*import\.meta\.url\))/.test(text)) return false;
  return !/^(req|request|r|c\.req(\.raw)?|ctx\.request|event\.request)$/.test(text) && !/^new (Request)\(/.test(text);
}

const hasScheme = /^([a-z][\w+.-]*:|\/\/|$)/i;

/** What an address begins with, where another file says it: `paths.orders`, `urlcat(paths.orders, { id })`, `${paths.order}${id}`, `paths.order + id`; null where nothing is known. */
function leadingText(source: Source, address: Syntax): string | null {
  if (address.type === 'BinaryExpression') return leadingText(source, address.left);
  const first =
    address.type === 'CallExpression'
      ? address.arguments[0]
      : address.type === 'TemplateLiteral' && address.quasis[0]?.value.raw === ''
        ? address.expressions[0]
        : address;
  return first && /^(MemberExpression|Identifier)$/.test(first.type) ? writtenText(source, first) : null;
}

/** `(input: Request) => fetch(input)`, `const send: Fetcher = (input) => fetch(input)`: the request was made elsewhere, and a limit with it. */
export function isMade(source: Source, first: Syntax): boolean {
  const binding = bindingOf(source, unwrap(first));
  if (binding?.kind !== 'parameter') return false;
  if (/:\s*(globalThis\.)?Request(Info)?\b/.test(source.textOf(binding.declaration))) return true;
  const holder = source.parentOf(binding.scope);
  return holder?.type === 'VariableDeclarator' && /:\s*(typeof\s+)?\w*[fF]etch(er)?\b/.test(source.textOf(holder.id));
}
