import type { Fact, FrameworkId, ImportExtension, Language, ModuleSystem, Tree } from '../model.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { importsOf } from './imports.ts';
import { asString } from './json.ts';
import { resolveImport } from './modules.ts';
import { folderOf, isCode, within } from './paths.ts';
import { dependsOn, exists, keyLine, programOf, type Scene, textLine, tsconfigOf } from './scene.ts';

/** TypeScript or JavaScript: the entry's own extension, else the config and the source folder's files. */
export function languageOf(scene: Scene, entry: string | null, files: readonly string[]): Fact<Language> {
  const typed = files.find((file) => /\.[cm]?tsx?$/.test(file));
  const config = exists(scene, 'tsconfig.json');
  const plain = files.find((file) => /\.[cm]?jsx?$/.test(file));
  return decide(
    [
      ...(entry === null
        ? []
        : row<Language>(/\.[cm]?tsx?$/.test(entry) ? 'ts' : 'js', seen(entry, null, `the entry is ${entry}`))),
      ...(typed && config
        ? row<Language>('ts', { ...config, reason: `tsconfig.json exists, and ${typed} is TypeScript` })
        : []),
      ...row<Language>('js', plain === undefined ? null : seen(plain, null, `${plain} is JavaScript`, 'likely')),
      ...row<Language>('ts', config && { ...config, confidence: 'likely' }),
      ...row<Language>('ts', dependsOn(scene, 'typescript')),
    ],
    { value: 'js', evidence: assumed('no sign of TypeScript') },
  );
}

/** How the entry is loaded: its extension, package.json's type, the config's module and its own syntax. */
export function moduleSystemOf(scene: Scene, entry: string | null, framework: FrameworkId | null): Fact<ModuleSystem> {
  const type = asString(scene.manifest.type);
  const typed =
    type === 'module' || type === 'commonjs'
      ? seen('package.json', keyLine(scene.tree, 'package.json', 'type'), `package.json says "type": "${type}"`)
      : null;
  const written = entry === null ? null : syntaxOf(scene.tree, entry);
  const extension = /\.([cm])[jt]s$/.exec(entry ?? '')?.[1];
  const compiled =
    written === 'esm' && type !== 'module'
      ? { ...seen(entry, null, `${entry} is written with import and export`), confidence: 'likely' as const }
      : null;
  const typescript = /\.tsx?$/.test(entry ?? '');
  return decide(
    [
      ...(extension
        ? row<ModuleSystem>(extension === 'm' ? 'esm' : 'cjs', seen(entry, null, `${entry} says so by its extension`))
        : []),
      ...row<ModuleSystem>('esm', type === 'module' ? typed : null),
      ...(framework === 'next' ? row<ModuleSystem>('esm', assumed('Next compiles import and export', 'certain')) : []),
      ...(typescript ? configModule(scene) : []),
      ...(written === 'cjs' ? row<ModuleSystem>('cjs', seen(entry, null, `${entry} uses require`)) : []),
      ...(typescript ? [] : row<ModuleSystem>('esm', compiled)),
      ...row<ModuleSystem>('cjs', typed),
    ],
    { value: 'cjs', evidence: assumed('package.json has no "type"', 'likely') },
  );
}

function configModule(scene: Scene): Candidate<ModuleSystem>[] {
  const config = tsconfigOf(scene);
  const name = asString(config?.options.module)?.toLowerCase();
  if (!config || name === undefined) return [];
  const file = scene.tree.has(config.file) ? config.file : 'tsconfig.json';
  const evidence = seen(
    file,
    textLine(scene.tree, file, '"module"'),
    `the TypeScript config says "module": "${name}"`,
    'likely',
  );
  if (/^node(next|\d+)$/.test(name))
    return row<ModuleSystem>('cjs', {
      ...evidence,
      reason: `${evidence.reason}, and package.json has no "type": "module"`,
    });
  return row<ModuleSystem>(name === 'commonjs' || name === 'umd' || name === 'amd' ? 'cjs' : 'esm', evidence);
}

/** What the file is written with; null where it neither imports nor exports. */
export function syntaxOf(tree: Tree, file: string): ModuleSystem | null {
  const source = programOf(tree, file);
  if (!source) return null;
  if (source.program.body.some(({ type }) => /^(Import|Export)/.test(type))) return 'esm';
  const requires = importsOf(source.program).some(({ kind }) => kind === 'require');
  return requires || /\b(module\.)?exports\b/.test(source.text) ? 'cjs' : null;
}

const flags = [
  'strict',
  'noImplicitAny',
  'strictNullChecks',
  'strictFunctionTypes',
  'strictBindCallApply',
  'strictPropertyInitialization',
  'strictBuiltinIteratorReturn',
  'noImplicitThis',
  'useUnknownInCatchVariables',
  'alwaysStrict',
  'noUncheckedIndexedAccess',
  'exactOptionalPropertyTypes',
  'noImplicitOverride',
  'noImplicitReturns',
  'noPropertyAccessFromIndexSignature',
  'noFallthroughCasesInSwitch',
  'noUnusedLocals',
  'noUnusedParameters',
  'verbatimModuleSyntax',
  'isolatedModules',
  'erasableSyntaxOnly',
  'isolatedDeclarations',
  'noUncheckedSideEffectImports',
] as const;

/** The strict flags that the TypeScript config turns on. */
export function strictnessOf(scene: Scene, language: Language): Fact<readonly string[]> {
  const config = language === 'ts' ? tsconfigOf(scene) : null;
  if (!config) return decide([], { value: [], evidence: assumed('no TypeScript config', 'certain') });
  const value = flags.filter((name) => config.options[name] === true);
  return { value, evidence: seen('tsconfig.json', null, 'its compilerOptions, with what it extends'), rivals: [] };
}

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
      const written = extensionOf(specifier);
      counts.set(written, { count: (counts.get(written)?.count ?? 0) + 1, file: counts.get(written)?.file ?? file });
    }
  }
  const most = [...counts].sort((a, b) => b[1].count - a[1].count);
  const seenIn = most.map(([value, { count, file }]) => ({
    value,
    evidence: seen(file, null, `${count} relative imports end in ${value === '' ? 'no extension' : value}`),
  }));
  return decide([...seenIn, ...demanded(scene, files, language, system)], {
    value: '',
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

function extensionOf(specifier: string): ImportExtension {
  const found = /\.([cm]?)([jt])sx?$/.exec(specifier);
  if (!found) return '';
  if (found[2] === 't') return '.ts';
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

const serverFolders = ['src', 'server', 'backend', 'api', 'app', 'lib', 'functions'];

/** Where the server's own code lives, from the files that the entry reaches. */
export function sourceFolderOf(
  scene: Scene,
  entry: string | null,
  files: readonly string[],
  framework: FrameworkId | null,
  frontend: boolean,
): Fact<string> {
  if (framework === 'next') return nextFolder(scene.tree);
  if (entry === null) {
    const folder = serverFolders.find((name) => scene.tree.list(name).some(isCode)) ?? '';
    return decide([], {
      value: folder,
      evidence: assumed(folder === '' ? 'no source folder' : `the folder ${folder} holds code`),
    });
  }
  const parts = folderOf(entry).split('/');
  const at = parts.indexOf('src');
  const value =
    at > 0 || (at === 0 && !frontend) ? parts.slice(0, at + 1).join('/') : commonFolder(folderOf(entry), entry, files);
  return decide([], {
    value,
    evidence: seen(
      entry,
      null,
      `the entry and the files it imports live in ${value === '' ? 'the project root' : value}`,
      'likely',
    ),
  });
}

/** Up from the entry's folder until most files lie within; down again into a folder that holds the rest. */
function commonFolder(folder: string, entry: string, files: readonly string[]): string {
  const share = (path: string, among: readonly string[]) =>
    among.filter((file) => path === '' || file.startsWith(`${path}/`)).length / Math.max(among.length, 1);
  let value = folder;
  while (value !== '' && (share(value, files) < 0.6 || /(^|\/)(bin|config)$/.test(value))) value = folderOf(value);
  if (value !== '') return value;
  const rest = files.filter((file) => file !== entry && file.includes('/'));
  const deep = serverFolders.find(
    (name) =>
      rest.length > 0 &&
      share(
        name,
        files.filter((file) => file !== entry),
      ) >= 0.6,
  );
  return deep === undefined ? '' : share(`${deep}/src`, rest) >= 0.6 ? `${deep}/src` : deep;
}

function nextFolder(tree: Tree): Fact<string> {
  const base = tree.list('src/app').length > 0 || tree.list('src/pages').length > 0 ? 'src' : '';
  const library = within(base, 'lib');
  const value = tree.list(library).length > 0 ? library : base;
  return decide([], {
    value,
    evidence: seen(
      value === '' ? null : value,
      null,
      value === library ? `${library} holds what is no route` : 'beside the routes',
      'likely',
    ),
  });
}
