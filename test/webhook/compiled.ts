import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A skill's core as JavaScript in a folder of its own, beside our packages, as a host that runs it with plain Node has it. */
export function compileCore(module: 'esm' | 'cjs', skill = 'webhook'): { folder: string; remove(): void } {
  const core = fileURLToPath(new URL(`../../templates/${skill}/core`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), `${skill}-core-`));
  symlinkSync(packages, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: module === 'esm' ? 'module' : 'commonjs' }));
  for (const path of readdirSync(core, { recursive: true, encoding: 'utf8' })) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (path.endsWith('.sql')) cpSync(join(core, path), target);
    if (!path.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(core, path), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: module === 'esm' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    writeFileSync(target.replace(/\.ts$/, '.js'), outputText);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
