import { detect } from '../../src/detect/index.ts';
import { everyNode, type Source, sourceAt } from '../../src/doctor/code/source.ts';
import { projectOf } from '../../src/doctor/project.ts';
import type { Syntax } from '../../src/text/syntax.ts';
import { surroundings, treeOf } from '../tree.ts';
import { manifest, type Texts } from './rule.ts';

/** The project of these texts, with Express where nothing else is said. */
export function projectFor(texts: Texts) {
  const tree = treeOf({ 'package.json': manifest('express@^5.1.0'), ...texts });
  return projectOf({ tree, profile: detect(tree, surroundings()) }, null);
}

/** A file of these texts (a text alone is src/a.ts), parsed. Throws where it cannot be. */
export function sourceOf(texts: Texts | string, path = 'src/a.ts'): Source {
  const source = sourceAt(projectFor(typeof texts === 'string' ? { [path]: texts } : texts), path);
  if (source === null) throw new Error(`${path} cannot be parsed.`);
  return source;
}

/** What `$(…)` is called with, in the order of the text: the expressions that a test asks about. */
export function asked(source: Source): Syntax[] {
  const found: Syntax[] = [];
  everyNode(source.program, (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === '$')
      found.push(...node.arguments);
  });
  return found;
}

/** The first of them. */
export function askedOf(texts: Texts | string, path?: string): { source: Source; node: Syntax } {
  const source = sourceOf(texts, path);
  const [node] = asked(source);
  if (!node) throw new Error('Nothing is asked about: write $(…).');
  return { source, node };
}
