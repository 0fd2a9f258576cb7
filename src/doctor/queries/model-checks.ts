import { isCode } from '../../detect/paths.ts';
import { type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { everyNode, type FunctionSyntax, type Source } from '../code/source.ts';
import { kindOf, type Project } from '../project.ts';
import { madeModel } from './named-models.ts';

const validators = /\b(required|enum|match|validate|min|max|minlength|maxlength)\s*:/i;

/** True for a handler that makes a document of a Mongoose model with validators, where the project answers what they find. */
export function isCheckedByModel(source: Source, fn: FunctionSyntax): boolean {
  if (!source.project.has('mongoose') || !answersFaults(source.project)) return false;
  let checked = false;
  everyNode(fn.body ?? fn, (node) => {
    const model = checked ? null : madeOf(node);
    const place = model && placeOf(source, model);
    if (place && place.source !== source)
      checked = /\bSchema\(/.test(place.source.text) && validators.test(place.source.text);
  });
  return checked;
}

/** True for a handler that makes a row of a model whose fields have types and rules of their own, and answers what goes wrong there. */
export function isRefusedByModel(source: Source, fn: FunctionSyntax): boolean {
  const { project } = source;
  if (!project.has('mongoose') && !project.has('sequelize')) return false;
  const parent = source.parentOf(fn);
  const isCaught =
    answered.test(source.textOf(fn)) ||
    (parent?.type === 'CallExpression' && /async|catch|wrap|try/i.test(source.textOf(parent.callee)));
  let refused = false;
  if (isCaught)
    everyNode(fn.body ?? fn, (node) => {
      const model = refused ? null : madeOf(node);
      const named = model && placeOf(source, model);
      const place = named && madeModel(named);
      if (place && place.source !== source) refused = hasRules.test(place.source.text);
    });
  return refused;
}
/** `catch`, or what a callback answers: `if (err) return res.status(422)`. */
const answered = /\bcatch\b|\bif\s*\(\s*(e|err|error)\s*\)\s*\{?\s*(return\s+)?\w+\s*\.status\(\s*4\d\d\b/;
const hasRules = /\bSchema\([\s\S]*\b(required|validate)\s*:|\ballowNull\s*:\s*false/;

/** `Note.create(…)`, `new Note(…)` → Note. */
function madeOf(node: Syntax): Syntax | null {
  if (node.type === 'NewExpression') return unwrap(node.callee).type === 'Identifier' ? node.callee : null;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
  const isMade =
    callee?.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'create';
  return isMade ? callee.object : null;
}

const known = new WeakMap<Project, boolean>();

/** True where some code of the project knows Mongoose's ValidationError from others. */
function answersFaults(project: Project): boolean {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.files.some((path) => {
    const text = isCode(path) ? project.tree.read(path) : null;
    return text !== null && /\bValidationError\b/.test(text) && kindOf(path, text) === 'app';
  });
  known.set(project, found);
  return found;
}
