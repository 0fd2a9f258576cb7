import type { ModuleSystem } from '../model.ts';
import { toCommonJs } from './commonjs.ts';
import { parseSource } from './source.ts';
import { untype } from './untype.ts';
import { unwrap } from './unwrap.ts';

export interface JavaScriptOptions {
  /** Begin a CommonJS file with 'use strict'. */
  strictDirective?: boolean;
}

/**
 * A TypeScript module (verbatimModuleSyntax, erasable syntax and parameter properties) as the JavaScript that a person
 * would have written. Throws an Error for what has no twin: an enum, a namespace; in CommonJS also `export *`,
 * an exported `let`, and `await` outside functions.
 */
export function toJavaScript(text: string, module: ModuleSystem, options: JavaScriptOptions = {}): string {
  const script = unwrap(untype(text.replaceAll('\r\n', '\n')));
  const result = module === 'cjs' ? toCommonJs(script, options.strictDirective ?? false) : script;
  parseSource(result);
  return result;
}
