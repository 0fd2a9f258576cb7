import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf } from '../src/detect/imports.ts';
import { parse } from '../src/text/syntax.ts';

const src = resolve(import.meta.dirname, '../src');

/** Low to high. A file may import its own floor and those below it. */
const floors = [
  ['model.ts', 'errors.ts'], // words
  ['patch', 'text'], // pure functions over text
  ['detect', 'frameworks', 'skills'], // pure functions over a tree
  ['plan', 'lock', 'doctor', 'report', 'settings'], // pure: what should change, what was done, what is wrong, how to say it
  ['edge'], // disk, shell, terminal: the only effects
  ['cli.ts', 'commands'],
];

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

const floorOf = (file: string): number => floors.findIndex((names) => names.includes(file.split('/')[0] ?? ''));

function specifiersOf(file: string): string[] {
  const program = parse(readFileSync(join(src, file), 'utf8'), file);
  if (program === null) throw new Error(`${file} does not parse`);
  return importsOf(program).map(({ specifier }) => specifier);
}

const target = (file: string, specifier: string): string =>
  relative(src, resolve(src, dirname(file), specifier)).replaceAll('\\', '/');

/** What reaches the disk, a process, the network, the terminal or the clock. */
const effects =
  /^(node:)?(fs|fs\/promises|child_process|process|net|http|https|os|worker_threads)$|^(fs-extra|execa|@clack\/prompts|commander)$/;

describe('the floors', () => {
  test('have every file', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((file) => floorOf(file) < 0)).toEqual([]);
  });

  test.each(sources)('%s imports nothing above its floor', (file) => {
    const above = specifiersOf(file)
      .filter((specifier) => specifier.startsWith('.') && !specifier.endsWith('package.json'))
      .map((specifier) => target(file, specifier))
      .filter((imported) => floorOf(imported) > floorOf(file));
    expect(above).toEqual([]);
  });

  test.each(sources.filter((file) => floorOf(file) < 4))('%s has no effects', (file) => {
    expect(specifiersOf(file).filter((specifier) => effects.test(specifier))).toEqual([]);
    const text = readFileSync(join(src, file), 'utf8').replaceAll(
      /\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"|`[^`]*`|\/.*\/[a-z]*/g,
      '',
    );
    expect(text).not.toMatch(
      /\bprocess\.(env|cwd|argv|exit)\b|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bconsole\./,
    );
  });

  test('have no cycles', () => {
    const edges = new Map(
      sources.map((file) => [
        file,
        specifiersOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => target(file, specifier)),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string[] => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return [];
      for (const next of edges.get(file) ?? []) {
        const cycle = visit(next, [...path, file]);
        if (cycle.length > 0) return cycle;
      }
      done.add(file);
      return [];
    };
    expect(sources.flatMap((file) => visit(file, []))).toEqual([]);
  });
});
