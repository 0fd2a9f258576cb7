import type { AppSite, Host, Obstacle, Tree } from '../../model.ts';
import { joinPath } from '../../text/path.ts';
import { stringValue, unwrap } from '../../text/syntax.ts';
import type { Role } from '../shared/choose.ts';
import { definitionOf, exportOf } from '../shared/exports.ts';
import { boundBy, originOf, parametersOf, usesOf } from '../shared/names.ts';
import type { Reach } from '../shared/reach.ts';
import { callOn } from '../shared/rules.ts';
import { lineAt, type Spot, sourceOf, textAt } from '../shared/source.ts';
import type { Autoload } from './autoload.ts';
import { registerForm } from './register.ts';

const lifecycle = new Set(['onRequest', 'preParsing', 'preValidation', 'preHandler']);
const refuses = /\breply\s*\.|\bres(?:ponse)?\s*\.|\bthrow\b|verify|authenticat|authori[sz]|unauthorized|csrf/i;

/** The hooks that still run on our route: those of the instance it is registered on, unless we are loaded before them. */
export function hooksOf(host: Host, reach: Reach, role: Role, site: AppSite, autoload: Autoload | null): Obstacle[] {
  const early = !autoload && registerForm(host.tree, site) === 'await ';
  const onApp = early ? [] : role.uses.flatMap((use) => hookAt(reach, use));
  const shared = autoload ? autoload.folders.flatMap((folder) => pluginHooks(host.tree, reach, folder, 0)) : [];
  return [...onApp, ...shared];
}

function hookAt(reach: Reach, use: Spot): Obstacle[] {
  const call = callOn(use);
  const [name, handler] = call?.arguments ?? [];
  const hook = name ? stringValue(name) : null;
  if (call?.method !== 'addHook' || hook === null || !lifecycle.has(hook) || !handler) return [];
  const definition = definitionOf(reach, { source: use.source, node: handler });
  const text = definition ? textAt(definition) : null;
  if (text !== null && hook !== 'preParsing' && !refuses.test(text)) return [];
  const kind =
    hook === 'preParsing'
      ? 'body-parser'
      : /csrf/i.test(text ?? textAt({ source: use.source, node: handler }))
        ? 'csrf'
        : 'guard';
  const does = kind === 'body-parser' ? 'may read the body before it' : 'may refuse its requests';
  return [
    {
      kind,
      file: use.source.path,
      line: lineAt(call.spot),
      message: `The ${hook} hook on this instance runs on our route too and ${does}.`,
      fix: 'Let the hook pass the endpoint by its path, or add the hook inside the plugin whose routes need it.',
    },
  ];
}

/** Hooks of plugins in a folder that is loaded by itself, where `fastify-plugin` lets them reach every route. */
function pluginHooks(tree: Tree, reach: Reach, folder: string, depth: number): Obstacle[] {
  return tree.list(folder).flatMap((name): Obstacle[] => {
    const path = joinPath(folder, name);
    if (name.endsWith('/')) return depth < 3 ? pluginHooks(tree, reach, path, depth + 1) : [];
    const source = /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.d.ts') ? sourceOf(tree, path) : null;
    const value = source ? exportOf(reach, source, 'default') : null;
    const wrapped = value ? unwrap(value.node) : null;
    const isShared =
      value &&
      wrapped?.type === 'CallExpression' &&
      originOf({ source: value.source, node: wrapped.callee })?.from === 'fastify-plugin';
    const plugin = value && isShared ? definitionOf(reach, value) : null;
    const [parameter] = plugin ? (parametersOf(plugin.node) ?? []) : [];
    const [app] = parameter ? boundBy(parameter) : [];
    if (!plugin || app === undefined) return [];
    return usesOf(plugin.source, app, plugin.node).flatMap((use) => hookAt(reach, use));
  });
}
