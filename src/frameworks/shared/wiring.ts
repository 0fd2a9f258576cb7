import type { AppSite, Host, Intent, ManualStep, ModuleSystem, Op, Slot, Tree, Unplaced, Wiring } from '../../model.ts';
import { basename, dirname, relativePath } from '../../text/path.ts';
import { dotted, type Syntax } from '../../text/syntax.ts';
import { originsOf } from './names.ts';
import { routePath } from './rules.ts';
import { sourceOf } from './source.ts';

/** The line that wires an intent: as a statement on the app, and as a link of a chained expression. */
export interface Wire {
  statement: string;
  link: string;
}

const where: Readonly<Record<Slot, string>> = {
  first: 'directly after the app is created, before everything else',
  raw: 'directly after the app is created, before any body parser',
  routes: 'after your routes and before the not-found and error handlers',
};

/** The ops for an intent at a site, or the exact note where there is no safe place. */
export function wireAt(
  intent: Intent,
  site: AppSite | Unplaced,
  host: Host,
  line: (app: string, name: string) => Wire,
  fallbackApp = 'app',
): Wiring {
  if (!('places' in site)) {
    const file = site.file ?? host.profile.entry.value;
    const { statement } = line(fallbackApp, intent.name);
    return { ops: [], step: stepFor(intent, host, file, site.unplaced, statement) };
  }
  const place = site.places[intent.slot];
  const from = specifierFor(site.file, intent.file, host);
  const name = localName(host.tree, site.file, intent.name, from);
  const { statement, link } = line(site.app || fallbackApp, name);
  if (place?.kind === 'convention') return { ops: [], step: null };
  if (!place || place.kind === 'literal') {
    const because = site.unplaced ?? 'no safe place was found';
    return { ops: [], step: stepFor(intent, host, site.file, because, statement, site.style) };
  }
  const held = heldBy(host.tree, site, intent.mount, from);
  if (held !== null) return { ops: [], step: stepFor(intent, host, site.file, held, statement, site.style) };
  const names = [name === intent.name ? name : `${intent.name} as ${name}`];
  const imported: Op = { op: 'import', file: site.file, from, names, style: site.style };
  const wired: Op =
    place.kind === 'chain'
      ? { op: 'chain', file: site.file, text: link, root: place.root, nth: place.nth }
      : { op: 'statement', file: site.file, text: statement, anchor: place.anchor, slot: intent.slot };
  return { ops: [imported, wired], step: null };
}

/** Why the mount path cannot be ours: the host answers it already, and we would come first. Null where it is free. */
function heldBy(tree: Tree, site: AppSite, mount: string | null, from: string): string | null {
  const source = mount === null ? null : sourceOf(tree, site.file);
  for (const node of source?.nodes ?? []) {
    if (!source || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    if (dotted(node.callee.object) !== site.app && site.app !== '') continue;
    const path = node.arguments.map(routePath).find((one) => one !== null);
    const ours = node.arguments.some((one) => originsOf(source).get(dotted(one) ?? '')?.from === from);
    if (!ours && (path === mount || path?.startsWith(`${mount}/`)))
      return `the app already answers \`${path}\`, and our route would take its requests: choose another path`;
  }
  return null;
}

/** The name the module gets in the file: its own, or another where the file already means something else by it. */
function localName(tree: Tree, file: string, name: string, from: string): string {
  const source = sourceOf(tree, file);
  const other = source?.identifiers.get(name)?.some((node) => bindsName(source.parents.get(node), node)) === true;
  const origin = source ? originsOf(source).get(name) : undefined;
  return other && origin?.from !== from ? `${name}Module` : name;
}

/** True where an identifier stands at a place that gives the name a meaning, not where it is read. */
function bindsName(parent: Syntax | undefined, node: Syntax): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return parent.object === node;
  return parent.type !== 'Property' || parent.value === node;
}

function stepFor(
  intent: Intent,
  host: Host,
  file: string | null,
  because: string,
  line: string,
  style: ModuleSystem = host.profile.moduleSystem.value,
): ManualStep {
  const from = specifierFor(file ?? 'index.js', intent.file, host);
  const imported =
    style === 'cjs' && host.profile.language.value === 'js'
      ? `const { ${intent.name} } = require('${from}');`
      : `import { ${intent.name} } from '${from}';`;
  return {
    title: `Wire ${intent.name}${intent.mount === null ? '' : ` at ${intent.mount}`}`,
    file,
    place: `${where[intent.slot]} (not done for you: ${because})`,
    lines: [imported, line],
    done: { imports: intent.file },
  };
}

/** How a host file imports a module of ours: relative, with the extension the host writes. */
export function specifierFor(from: string, to: string, host: Host): string {
  const path = relativePath(dirname(from), to);
  const relative = path.startsWith('.') ? path : `./${path}`;
  const written = /\.[mc]?[jt]sx?$/.exec(relative)?.[0] ?? '';
  const bare = written === '' ? relative : relative.slice(0, -written.length);
  const extension = host.profile.importExtension.value;
  if (written === '.mts' || written === '.mjs')
    return extension === '.ts' && written === '.mts' ? relative : `${bare}.mjs`;
  if (written === '.cts' || written === '.cjs')
    return extension === '.ts' && written === '.cts' ? relative : `${bare}.cjs`;
  if (extension === '') return bareSpecifier(bare, to, host.tree);
  return extension === '.ts' && written === '.ts' ? relative : `${bare}.js`;
}

/** './webhooks' for './webhooks/index', where no file of that name would be taken instead. */
function bareSpecifier(bare: string, to: string, tree: Tree): string {
  const folder = dirname(to);
  if (!bare.endsWith('/index') || folder === '') return bare;
  const name = basename(folder);
  const beside = tree.list(dirname(folder)).some((one) => one.startsWith(`${name}.`));
  return beside ? bare : bare.slice(0, -'/index'.length);
}
