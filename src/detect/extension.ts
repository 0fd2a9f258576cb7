import type { Fact, ImportExtension, Language, ModuleSystem, Tree } from '../model.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { importsOf } from './imports.ts';
import { asString } from './json.ts';
import { resolveImport } from './modules.ts';
import { isCode } from './paths.ts';
import { keyLine, programOf, type Scene, textLine, tsconfigOf } from './scene.ts';

/** How relative imports are written: as most are, else as the config and the module system demand. */
export function importExtensionOf(
  scene: Scene,
  files: readonly string[],
  language: Language,
  system: ModuleSystem,
): Fact<ImportExtension> {
  const counts = new Map<ImportExtension, { count: number; file: string }>();
  for (const file of files.slice(0, 80)) {
    for (const { specifier } of programOf(scene.tree, file) ? importsIn(scene.tree, file) : []) {
      const written = extensionOf(specifier, language);
      counts.set(written, { count: (counts.get(written)?.count ?? 0) + 1, file: counts.get(written)?.file ?? file });
    }
  }
  const most = [...counts].sort((a, b) => b[1].count - a[1].count);
  const seenIn = most.map(([value, { count, file }]) => ({
    value,
    evidence: seen(file, null, `${count} relative imports end in ${value === '' ? 'no extension' : value}`),
  }));
  return decide([...seenIn, ...demanded(scene, files, language, system)], {
    // A JavaScript file's own name is found by Node and by every bundler.
    value: language === 'js' && system === 'esm' ? '.js' : '',
    evidence: assumed('no relative import to follow'),
  });
}

function importsIn(tree: Tree, file: string) {
  const source = programOf(tree, file);
  return (source ? importsOf(source.program) : []).filter(({ specifier }) => {
    const path = /^\.\.?\/.*[^/.]/.test(specifier) ? resolveImport(tree, file, specifier) : null;
    return path !== null && isCode(path);
  });
}

/** What an import of a file of ours would end in: those of a TypeScript host are `.ts`, also beside its `.mts`. */
function extensionOf(specifier: string, language: Language): ImportExtension {
  const found = /\.([cm]?)([jt])sx?$/.exec(specifier);
  if (!found) return '';
  if (found[2] === 't') return '.ts';
  if (language === 'ts') return '.js';
  return found[1] === 'm' ? '.mjs' : found[1] === 'c' ? '.cjs' : '.js';
}

function demanded(
  scene: Scene,
  files: readonly string[],
  language: Language,
  system: ModuleSystem,
): Candidate<ImportExtension>[] {
  const options = language === 'ts' ? (tsconfigOf(scene)?.options ?? {}) : {};
  const says = (key: string) =>
    seen('tsconfig.json', textLine(scene.tree, 'tsconfig.json', key), `the TypeScript config sets ${key}`, 'likely');
  const resolution = asString(options.moduleResolution) ?? asString(options.module) ?? '';
  const native = language === 'js' && system === 'esm' && scene.manifest.type === 'module';
  return [
    ...(options.rewriteRelativeImportExtensions === true
      ? row<ImportExtension>('.ts', says('rewriteRelativeImportExtensions'))
      : []),
    ...(options.allowImportingTsExtensions === true
      ? row<ImportExtension>('.ts', says('allowImportingTsExtensions'))
      : []),
    ...(system === 'esm' && /^node(next|1\d|2\d)$/i.test(resolution)
      ? row<ImportExtension>('.js', says(options.moduleResolution ? 'moduleResolution' : 'module'))
      : []),
    ...(files[0]?.endsWith('.mjs')
      ? row<ImportExtension>('.mjs', seen(files[0], null, `${files[0]} is an ES module by its extension`, 'likely'))
      : []),
    ...(native
      ? row<ImportExtension>(
          '.js',
          seen(
            'package.json',
            keyLine(scene.tree, 'package.json', 'type'),
            'Node demands extensions in ES modules',
            'likely',
          ),
        )
      : []),
  ];
}
