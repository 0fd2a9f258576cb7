import type { AppSite, Host, Intent, ManualStep, ModuleSystem, Op, Slot, Tree, Unplaced, Wiring } from '../../model.ts';
import { basename, dirname, relativePath } from '../../text/path.ts';
import { originsOf } from './names.ts';
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
  line: (app: string) => Wire,
  fallbackApp: string,
): Wiring {
  if ('unplaced' in site && !('places' in site)) {
    const file = site.file ?? host.profile.entry.value;
    return { ops: [], step: stepFor(intent, host, file, site.unplaced, line(fallbackApp).statement) };
  }
  const place = site.places[intent.slot];
  const wire = line(site.app || fallbackApp);
  const taken = takenBy(host.tree, site.file, intent, host);
  if (!place || place.kind === 'literal')
    return {
      ops: [],
      step: stepFor(intent, host, site.file, site.unplaced ?? 'no safe place was found', wire.statement, site.style),
    };
  if (taken) return { ops: [], step: stepFor(intent, host, site.file, taken, wire.statement, site.style) };
  if (place.kind === 'convention') return { ops: [], step: null };
  const imported: Op = {
    op: 'import',
    file: site.file,
    from: specifierFor(site.file, intent.file, host),
    names: [intent.name],
    style: site.style,
  };
  const wired: Op =
    place.kind === 'chain'
      ? { op: 'chain', file: site.file, text: wire.link, root: place.root, nth: place.nth }
      : { op: 'statement', file: site.file, text: wire.statement, anchor: place.anchor };
  return { ops: [imported, wired], step: null };
}

/** Why the module's name cannot be imported into the file: it means something else there. Null where it is free. */
function takenBy(tree: Tree, file: string, intent: Intent, host: Host): string | null {
  const source = sourceOf(tree, file);
  if (!source?.identifiers.has(intent.name)) return null;
  const origin = originsOf(source).get(intent.name);
  if (origin?.from === specifierFor(file, intent.file, host)) return null;
  const declared = source.nodes.some(
    (node) =>
      ('id' in node &&
        node.id !== null &&
        typeof node.id === 'object' &&
        'name' in node.id &&
        node.id.name === intent.name) ||
      ('params' in node &&
        Array.isArray(node.params) &&
        node.params.some((one) => 'name' in one && one.name === intent.name)),
  );
  return origin || declared ? `the name \`${intent.name}\` already means something else in ${file}` : null;
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
