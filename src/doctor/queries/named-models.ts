import { isCode } from '../../detect/paths.ts';
import { type Syntax, stringValue } from '../../text/syntax.ts';
import type { Place } from '../code/exports.ts';
import { everyOf, sourceAt } from '../code/source.ts';
import { kindOf, type Project } from '../project.ts';

const known = new WeakMap<Project, Map<string, Place | null>>();

/** Where a model is made that is asked for by its name alone: of `mongoose.model('User')` the call `mongoose.model('User', schema)`; else the place itself, and null where no file makes it. */
export function madeModel(place: Place): Place | null {
  const { source, node } = place;
  const name = node.type === 'CallExpression' && isModelCall(source.textOf(node.callee)) ? nameIn(node, 1) : null;
  return name === null ? place : modelNamed(source.project, name);
}

function modelNamed(project: Project, name: string): Place | null {
  const models = known.get(project) ?? new Map<string, Place | null>();
  known.set(project, models);
  const before = models.get(name);
  if (before !== undefined) return before;
  const written = new RegExp(`\\bmodel\\(\\s*['"\`]${name.replace(/[^\w]/g, '\\$&')}['"\`]\\s*,`);
  let found: Place | null = null;
  for (const path of project.files) {
    const text = found === null && isCode(path) ? project.tree.read(path) : null;
    const source = text !== null && written.test(text) && kindOf(path, text) === 'app' ? sourceAt(project, path) : null;
    if (source === null) continue;
    everyOf(source.program, ['CallExpression'], (node) => {
      if (node.type !== 'CallExpression' || !isModelCall(source.textOf(node.callee))) return;
      if (nameIn(node, 2) === name) found ??= { source, node };
    });
  }
  models.set(name, found);
  return found;
}

const isModelCall = (callee: string): boolean => /(^|\.)model$/.test(callee);

/** The first argument of a call that has at least, or with one exactly, so many. */
function nameIn({ arguments: given }: Extract<Syntax, { type: 'CallExpression' }>, count: 1 | 2): string | null {
  const [first] = given;
  return first && (count === 1 ? given.length === 1 : given.length >= count) ? stringValue(first) : null;
}
