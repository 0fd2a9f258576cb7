import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { add, drop, has } from '../../src/patch/index.ts';
import { codeCases } from './hosts.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Formats many files at once with the real formatter. */
function format(files: Record<string, string>, flags: string[]): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'patch-'));
  mkdirSync(join(folder, 'files'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'files', name), text);
  writeFileSync(
    join(folder, 'biome.json'),
    '{ "root": true, "javascript": { "parser": { "unsafeParameterDecoratorsEnabled": true } } }',
  );
  execFileSync(process.execPath, [biome, 'format', '--write', ...flags, 'files'], { cwd: folder, stdio: 'pipe' });
  const formatted = Object.keys(files).map((name) => [name, readFileSync(join(folder, 'files', name), 'utf8')]);
  rmSync(folder, { recursive: true });
  return Object.fromEntries(formatted);
}

const ways: Record<string, string[]> = {
  'narrow, double quotes, no semicolons': [
    '--line-width=30',
    '--javascript-formatter-quote-style=double',
    '--semicolons=as-needed',
  ],
  'wide, tabs, no trailing commas, bare arrow parameters': [
    '--line-width=160',
    '--indent-style=tab',
    '--trailing-commas=none',
    '--arrow-parentheses=as-needed',
  ],
};

describe.each(Object.entries(ways))('A file that its owner reformats: %s', (_way, flags) => {
  const rows = codeCases.map(([name, host, op], index) => {
    const added = add(host, op);
    if ('refused' in added) throw new Error(added.refused);
    return { name, host, op: added.op, text: added.text, file: `${index}${extname(op.file)}` };
  });
  const formatted = format(Object.fromEntries(rows.map(({ file, text }) => [file, text])), flags);
  const dropped = Object.fromEntries(rows.map(({ file, op }) => [file, drop(formatted[file] ?? '', op)]));
  const hosts = format(Object.fromEntries(rows.map(({ file, host }) => [file, host])), flags);
  const after = format(dropped, flags);

  it.each(rows)('still has $name, and it can be dropped', ({ op, file }) => {
    expect(has(formatted[file] ?? '', op)).toBe(true);
    expect(has(dropped[file] ?? '', op)).toBe(false);
    // A formatter leaves an object open that was once too long, so blanks and trailing commas are not compared.
    expect(after[file]?.replace(/[\s,]/g, '')).toBe(hosts[file]?.replace(/[\s,]/g, ''));
  });
});
