import { isCode } from '../../detect/paths.ts';
import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Place } from '../code/exports.ts';
import { everyOf, type Source, sourceAt } from '../code/source.ts';
import { kindOf, type Project } from '../project.ts';

/** What a project says of its models: where their fields stand, by name, and which belong to which. */
interface Models {
  fields: ReadonlyMap<string, readonly Place[]>;
  /** `song`, `singer` for `song.belongsTo(singer)` and `singer.hasMany(song)`; the file's own models where the left is none. */
  owners: ReadonlyMap<string, ReadonlySet<string>>;
}

const known = new WeakMap<Project, Models>();

/** The object with the fields of a model that `define` or `init` makes anywhere in the project, and the models that it belongs to; null where there is none of that name, or more than one. */
export function sequelizeModel(source: Source, model: Syntax): { fields: Place; owners: ReadonlySet<string> } | null {
  if (!source.project.has('sequelize')) return null;
  const name = lastName(model);
  const { fields, owners } = modelsIn(source.project);
  const [place, ...more] = (name && fields.get(name)) || [];
  return place && name && more.length === 0 ? { fields: place, owners: owners.get(name) ?? new Set() } : null;
}

/** What makes a model with its name or its fields, or says whose it is. */
const modelling = /\.define\(\s*['"`]|\.init\(\s*\{|\.(belongsTo\w*|has(Many|One))\(/;

function modelsIn(project: Project): Models {
  const before = known.get(project);
  if (before) return before;
  const fields = new Map<string, Place[]>();
  const owners = new Map<string, Set<string>>();
  for (const path of project.files) {
    const text = isCode(path) ? project.tree.read(path) : null;
    if (text === null || !modelling.test(text)) continue;
    const source = kindOf(path, text) === 'app' ? sourceAt(project, path) : null;
    if (source) readModels(source, fields, owners);
  }
  const found = { fields, owners };
  known.set(project, found);
  return found;
}

function readModels(source: Source, fields: Map<string, Place[]>, owners: Map<string, Set<string>>): void {
  const own: string[] = [];
  const links: [string, string][] = [];
  everyOf(source.program, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
    const [first, second] = node.arguments;
    const left = lastName(callee.object);
    const method = callee.property.name;
    const right = first ? lastName(first) : null;
    if (/^belongsTo/.test(method) && right) links.push([left ?? '', right]);
    if (/^has(Many|One)$/.test(method) && right) links.push([right, left ?? '']);
    const name = method === 'define' && first ? stringValue(first)?.toLowerCase() : method === 'init' ? left : null;
    const object = method === 'define' ? second : first;
    if (!name || !object || unwrap(object).type !== 'ObjectExpression') return;
    own.push(name);
    fields.set(name, [...(fields.get(name) ?? []), { source, node: unwrap(object) }]);
  });
  for (const [left, right] of links)
    for (const name of [left, ...own]) owners.set(name, new Set([...(owners.get(name) ?? []), right]));
}

/** `user` of `models.User` and `User`: models are named in either case. */
function lastName(outer: Syntax): string | null {
  const node = unwrap(outer);
  if (node.type === 'Identifier') return node.name.toLowerCase();
  return node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed
    ? node.property.name.toLowerCase()
    : null;
}
