import { createRequire } from 'node:module';
import type { Node, Program } from 'oxc-parser';

export type Dialect = 'jsx' | 'ts' | 'tsx';
/** Text (without a shebang) to its tree, or null where it has syntax errors. */
export type Parser = (text: string, dialect: Dialect) => Program | null;

const require = createRequire(import.meta.url);

/** In this order: what a file most likely is comes first, a script with a top-level `return` last. */
const sourceTypes = ['unambiguous', 'commonjs'] as const;

/** The native parser. Throws where its binary cannot be loaded. */
export function nativeParser(): Parser {
  const { parseSync }: typeof import('oxc-parser') = require('oxc-parser');
  return (text, lang) => {
    for (const sourceType of sourceTypes) {
      const { program, errors } = parseSync('file', text, { lang, sourceType, astType: 'ts', preserveParens: false });
      if (errors.length === 0) return program;
    }
    return null;
  };
}

/** The parser in plain JavaScript, slower, with trees that read the same. */
export function plainParser(): Parser {
  const babel: typeof import('@babel/parser') = require('@babel/parser');
  return (text, dialect) => {
    const plugins: import('@babel/parser').ParserPlugin[] = [['estree', { classFeatures: true }], 'decorators-legacy'];
    if (dialect !== 'jsx') plugins.push('typescript');
    if (dialect !== 'ts') plugins.push('jsx');
    try {
      const file = babel.parse(text, {
        sourceType: 'unambiguous',
        attachComment: false,
        allowReturnOutsideFunction: true,
        createImportExpressions: true,
        plugins,
      });
      return isProgram(file.program) ? alike(file.program) : null;
    } catch {
      return null;
    }
  };
}

/** The parse boundary: with its estree plugin that parser gives ESTree, which its own types do not say. */
function isProgram(node: unknown): node is Program {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'Program';
}

/** Calls name their type arguments differently in the two trees. */
function alike(program: Program): Program {
  const queue: object[] = [program];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (isUntypedCall(node)) node.typeArguments = node.typeParameters;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) queue.push(child);
  }
  return program;
}

function isUntypedCall(node: object): node is { typeParameters: Node; typeArguments?: Node } {
  return (
    'type' in node && (node.type === 'CallExpression' || node.type === 'NewExpression') && 'typeParameters' in node
  );
}
