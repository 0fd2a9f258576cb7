import { isCode } from '../../detect/paths.ts';
import { annotationOf, type Binding } from './names.ts';
import type { Source } from './source.ts';

const oneLiteral = /(?:'[^']*'|"[^"]*"|-?\d+|null|undefined)/.source;
const union = new RegExp(`^\\|?\\s*${oneLiteral}(\\s*\\|\\s*${oneLiteral})*$`);
/** `keyof typeof x`, `(typeof x)[number]`, `[keyof typeof x][number]`: one of what is written in a constant. */
const ofConstant = /^\(?\[?\(?\s*(keyof\s+)?\(?\s*typeof\s+\w+\s*\)?\s*\]?\)?(\[(number|keyof\s+typeof\s+\w+)\])?$/;

/** True for a name whose declared type has only values that are written out: a union of literals, an enum, or the keys of a constant. */
export function isOneOfLiterals(source: Source, binding: Binding): boolean {
  if (binding.path.length > 0) return false;
  const written = /^\s*(?:(?:private|public|protected|readonly)\s+)*\w+\??\s*:\s*([^=]+)/.exec(
    source.textOf(binding.declaration),
  )?.[1];
  if (written !== undefined && isLiterals(written)) return true;
  const name = annotationOf(binding);
  return name !== null && /^\w+$/.test(name) && isNamedLiterals(source, name);
}

/** True where all types of that name in the project are such. */
function isNamedLiterals({ project, text, path }: Source, name: string): boolean {
  const alias = new RegExp(
    `\\b(?:type\\s+${name}\\s*=\\s*([^;{]*?)(?:;|\\n\\s*\\n|\\n(?=\\S)|$)|(enum)\\s+${name}\\s*\\{)`,
    'g',
  );
  const inFile = (written: string): boolean[] =>
    written.includes(name)
      ? [...written.matchAll(alias)].map(([, type, isEnum]) => isEnum !== undefined || isLiterals(type ?? ''))
      : [];
  const own = inFile(text);
  const found =
    own.length > 0
      ? own
      : project.files.flatMap((one) => (isCode(one) && one !== path ? inFile(project.tree.read(one) ?? '') : []));
  return found.length > 0 && found.every(Boolean);
}

/** A constant's values are only its own where their type is not `string`: of one constant alone, `typeof` says nothing. */
const isLiterals = (type: string): boolean => {
  const text = type.trim();
  return union.test(text) || (ofConstant.test(text) && /keyof|\[number\]/.test(text));
};
