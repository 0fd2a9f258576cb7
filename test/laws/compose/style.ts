import fc from 'fast-check';

/** How a file is written. */
export interface Style {
  quote: "'" | '"';
  semicolons: boolean;
  unit: string;
  eol: '\n' | '\r\n';
  bom: boolean;
  finalNewline: boolean;
  /** What stands above the first statement. */
  head: string;
  /** What stands between statements and behind them, taken in turn. */
  gaps: readonly string[];
}

const heads = [
  '',
  '#!/usr/bin/env node\n',
  "'use strict';\n",
  '// @ts-nocheck\n',
  '/**\n * The server.\n * Copyright: nobody.\n */\n',
  '/* eslint-disable no-console */\n\n',
  '// One.\n// Two.\n\n',
  '\n',
];

/** A gap starts with what goes behind the statement above, on its line. */
const gaps = [
  '\n',
  '\n',
  '\n\n',
  '\n// What comes next.\n',
  '\n\n// ---- section ----\n\n',
  ' // trailing\n',
  ' /* behind */\n',
  '\n// app.use(express.json());\n',
  '\n/*\n  const app = express();\n  app.use(webhooks);\n*/\n',
  '\n// eslint-disable-next-line no-undef\n',
  '\n\n\n',
  '\n/** Says what. */\n',
  '  \n',
  '\n// prettier-ignore\n',
];

export const styles: fc.Arbitrary<Style> = fc.record({
  quote: fc.constantFrom("'" as const, '"' as const),
  semicolons: fc.boolean(),
  unit: fc.constantFrom('  ', '    ', '\t'),
  eol: fc.constantFrom('\n' as const, '\r\n' as const),
  bom: fc.boolean(),
  finalNewline: fc.boolean(),
  head: fc.constantFrom(...heads),
  gaps: fc.array(fc.constantFrom(...gaps), { minLength: 1, maxLength: 8 }),
});

/** Statements as one text with the style's gaps between them, in turn from a start. */
export function joined(statements: readonly string[], { gaps }: Style, start = 0): string {
  return statements
    .map((code, index) => {
      const gap = index === statements.length - 1 ? '' : (gaps[(start + index) % gaps.length] ?? '\n');
      return code + gap;
    })
    .join('');
}

/** Each line one step further in, but none inside a template's text. */
export function indented(text: string): string {
  let inTemplate = false;
  return text
    .split('\n')
    .map((line) => {
      const shifted = line === '' || inTemplate ? line : `  ${line}`;
      if ((line.match(/`/g)?.length ?? 0) % 2 === 1) inTemplate = !inTemplate;
      return shifted;
    })
    .join('\n');
}

/** A file's text in a style; it is given in single quotes, with semicolons, two blanks and LF. */
export function written(plain: string, style: Style): string {
  const lines = (style.head + plain).split('\n').map((line) => {
    const depth = /^(?: {2})*/.exec(line)?.[0].length ?? 0;
    const quoted = line.replaceAll("'", style.quote);
    const ended = style.semicolons ? quoted : quoted.replace(/;( *(?:\/\/.*|\/\*.*\*\/)? *)$/, '$1');
    const code = ended.slice(depth);
    return style.unit.repeat(depth / 2) + (!style.semicolons && /^[([]/.test(code) ? `;${code}` : code);
  });
  const text = lines.join(style.eol) + (style.finalNewline ? style.eol : '');
  return style.bom ? `\uFEFF${text}` : text;
}
