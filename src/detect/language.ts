import type { Fact, FrameworkId, Language, ModuleSystem, Tree } from '../model.ts';
import { assumed, type Candidate, decide, row, seen } from './evidence.ts';
import { importsOf } from './imports.ts';
import { asString } from './json.ts';
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
      ...(typescript && type !== 'module' ? configModule(scene) : []),
      ...(written === 'cjs' ? row<ModuleSystem>('cjs', seen(entry, null, `${entry} uses require`)) : []),
      ...(typescript ? [] : row<ModuleSystem>('esm', compiled)),
      ...row<ModuleSystem>('cjs', type === 'module' ? null : typed),
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
function syntaxOf(tree: Tree, file: string): ModuleSystem | null {
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
