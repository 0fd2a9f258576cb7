import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nativeParser, plainParser } from '../../src/text/parsers.ts';
import { dialectOf, withoutShebang } from '../../src/text/syntax.ts';
import { facts } from './facts.ts';

/** Every source file of the fixtures and of ours, by path. */
const files: Record<string, string> = Object.fromEntries(
  ['fixtures', 'src'].flatMap((folder) =>
    readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/node_modules|\.d\.ts$/.test(path))
      .map((path) => [`${folder}/${path}`, readFileSync(new URL(`../../${folder}/${path}`, import.meta.url), 'utf8')]),
  ),
);

test('every source file of the fixtures and of ours is read alike with both parsers', () => {
  const [native, plain] = [nativeParser(), plainParser()];
  const read = (parser: typeof native) =>
    Object.entries(files).map(([path, text]) => {
      const program = parser.read(withoutShebang(text), dialectOf(path));
      return [path, program && facts(program)];
    });
  expect(Object.keys(files).length).toBeGreaterThan(50);
  expect(read(plain)).toEqual(read(native));
});
