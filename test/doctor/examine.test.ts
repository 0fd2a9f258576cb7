import { describe, expect, test } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { planFix } from '../../src/doctor/fix.ts';
import { isSource, kindOf } from '../../src/doctor/project.ts';
import { defineRule, type Rule } from '../../src/doctor/rule.ts';
import type { Edit } from '../../src/text/edits.ts';
import { treeOf } from '../tree.ts';
import { examineTexts, type Texts } from './rule.ts';
import { projectFor } from './source.ts';

const head = {
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'A name.',
  why: 'Why.',
  remedy: 'words',
} as const;

/** A rule that tells of every identifier of this name. */
const names = (id: string, name: string, own: Partial<Rule> = {}): Rule =>
  defineRule({
    id,
    ...head,
    file: (_source, tell) => ({
      Identifier(node) {
        if (node.name === name) tell(node, { message: name, fix: 'Rename it.' });
      },
    }),
    ...own,
  });

const places = (texts: Texts, rules: readonly Rule[]): string[] =>
  examineTexts(texts, rules).findings.map(({ rule, path, line, column }) => `${rule} ${path}:${line}:${column}`);

describe('an examination', () => {
  test('tells in the order of paths, places and rules', () => {
    const texts = { 'src/b.ts': 'x', 'src/a.ts': 'y;\n  x' };
    expect(places(texts, [names('b/x', 'x'), names('a/x', 'x'), names('a/y', 'y')])).toEqual([
      'a/y src/a.ts:1:1',
      'a/x src/a.ts:2:3',
      'b/x src/a.ts:2:3',
      'a/x src/b.ts:1:1',
      'b/x src/b.ts:1:1',
    ]);
  });
  test('gives the same twice', () => {
    const texts = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`src/f${n}.ts`, 'x; x\nx']));
    expect(examineTexts(texts, [names('a/x', 'x')])).toEqual(examineTexts(texts, [names('a/x', 'x')]));
  });
  test('reads JavaScript with types of Flow', () => {
    const typed = `// @flow
import type { Cart } from './cart';
export async function total(cart: ?Cart, ...rest: Array<number>): Promise<{| sum: number |}> {
  const known = (cart: any);
  return { sum: known.x };
}
export class Till { +open: boolean = true; x: string; }
`;
    const { findings, failures } = examineTexts({ 'src/total.js': typed }, [names('a/x', 'x')]);
    expect(failures).toEqual([]);
    expect(findings.map(({ line }) => line)).toEqual([5, 7]);
  });
  test('names what has syntax errors, but not tests and what is filled in before it is code', () => {
    const broken = 'const x = <%= name %>;\n}';
    const texts = { 'src/a.ts': broken, 'src/templates/a.js': broken, 'test/a.ts': broken, 'src/b.js': broken };
    expect(examineTexts(texts, [names('a/x', 'x', { where: 'all' })]).failures).toEqual([
      'src/a.ts could not be parsed.',
      'src/b.js could not be parsed.',
    ]);
  });
  test('goes on where a rule fails, and names it once', () => {
    const broken = names('a/broken', 'x', {
      file: () => ({
        Identifier() {
          throw new Error('lost');
        },
      }),
    });
    const { findings, failures } = examineTexts({ 'src/a.ts': 'x', 'src/b.ts': 'x; x' }, [broken, names('a/x', 'x')]);
    expect(findings).toHaveLength(3);
    expect(failures).toEqual(['The rule a/broken failed on 2 files, first on src/a.ts: lost']);
  });
  test.each<[string, Partial<Rule>]>([
    ['when it is asked whether it applies', { applies: () => fail() }],
    ['before it looks at a file', { file: () => fail() }],
    ['when it looks at the project', { project: () => fail() }],
  ])('names a rule that fails %s', (_title, own) => {
    const { findings, failures } = examineTexts({ 'src/a.ts': 'x' }, [names('a/broken', 'y', own), names('a/x', 'x')]);
    expect(findings.map(({ rule }) => rule)).toEqual(['a/x']);
    expect(failures).toEqual([expect.stringMatching(/^The rule a\/broken failed( on src\/a\.ts)?: lost$/)]);
  });
  test('gives what rules noted in files to their look at the project', () => {
    const counting = defineRule<string>({
      id: 'a/count',
      ...head,
      file: ({ text }, _tell, note) => {
        note(text);
        return {};
      },
      project: (_project, tell, notes) =>
        tell(
          { path: null, line: null },
          { message: notes.map(({ path, note }) => `${path} ${note}`).join(), fix: 'x' },
        ),
    });
    const { findings } = examineTexts({ 'src/a.ts': 'x', 'src/b.ts': 'y' }, [counting]);
    expect(findings.map(({ message }) => message)).toEqual(['src/a.ts x,src/b.ts y']);
  });
  test('asks a rule about files only that speak of its matter, and only of its kinds', () => {
    const texts = { 'src/a.ts': 'x', 'src/b.ts': 'x; wanted', 'test/a.ts': 'x; wanted', 'scripts/a.ts': 'x; wanted' };
    expect(places(texts, [names('a/x', 'x', { mentions: /wanted/ })])).toEqual(['a/x src/b.ts:1:1']);
    expect(places(texts, [names('a/x', 'x', { mentions: /wanted/, where: 'all' })])).toHaveLength(3);
    expect(places(texts, [names('a/x', 'x', { mentions: [/wanted/, /nowhere/], where: 'all' })])).toEqual([]);
  });
  test('names files that cannot be read as code, and looks at the others', () => {
    const deep = `x = ${'[\n'.repeat(20_000)}${']\n'.repeat(20_000)}`;
    const { findings, failures, files } = examineTexts({ 'src/a.ts': 'x = = 1', 'src/b.js': deep, 'src/c.ts': 'x' }, [
      names('a/x', 'x'),
    ]);
    expect(failures).toEqual(['src/a.ts could not be parsed.', 'src/b.js could not be parsed.']);
    expect(findings.map(({ path }) => path)).toEqual(['src/c.ts']);
    expect(files).toBe(3);
  });
  test('names SQL that cannot be parsed', () => {
    const project = projectFor({ 'db/a.sql': 'SELEC' });
    const rule = defineRule({ id: 'a/sql', ...head, sql: () => undefined });
    const readSql = () => {
      throw new Error('syntax error');
    };
    expect(examine(project, [rule], readSql).failures).toEqual([
      'db/a.sql could not be parsed as PostgreSQL: syntax error',
    ]);
  });
});

function fail(): never {
  throw new Error('lost');
}

describe('a place is right', () => {
  test.each<[string, string, string]>([
    ['behind a BOM', '\uFEFFx', '1:2'],
    ['behind lines that end as on Windows', 'a;\r\nb;\r\n  x', '3:3'],
    ['behind letters of more than one unit', "'😀'; x", '1:7'],
    ['behind a shebang', '#!/usr/bin/env node\nx', '2:1'],
    ['in an empty line', 'a\n\n\nx', '4:1'],
  ])('%s', (_title, text, expected) => {
    expect(places({ 'src/a.js': text }, [names('a/x', 'x')])).toEqual([`a/x src/a.js:${expected}`]);
  });
  test('in a file of 100,000 lines, at its end', () => {
    const text = `${'a;\n'.repeat(99_999)}x`;
    expect(places({ 'src/a.js': text }, [names('a/x', 'x')])).toEqual(['a/x src/a.js:100000:1']);
  });
  test.each(['', '\uFEFF', '\n', '// nothing\n'])('in no file that is empty: %j', (text) => {
    expect(examineTexts({ 'src/a.ts': text }, [names('a/x', 'x')])).toMatchObject({ findings: [], failures: [] });
  });
});

describe('a file is for', () => {
  test.each([
    ['src/users.ts', '', 'app'],
    ['src/users.test.ts', '', 'test'],
    ['tests/users.ts', '', 'test'],
    ['src/__tests__/users.ts', '', 'test'],
    ['e2e/login.ts', '', 'test'],
    ['scripts/build.js', '', 'script'],
    ['vite.config.ts', '', 'script'],
    ['prisma/seed.ts', '', 'script'],
    ['.storybook/main.ts', '', 'script'],
    ['public/app.js', '', 'client'],
    ['frontend/src/main.ts', '', 'client'],
    ['src/Button.tsx', "'use client';\nexport const B = 1", 'client'],
    ['src/Button.tsx', '// a button\n"use client"', 'client'],
    ['src/use.ts', 'const [a, b] = useState(1)', 'client'],
    ['src/main.ts', "import { createApp } from 'vue'", 'client'],
    ['packages/integration-tests/src/session.ts', '', 'test'],
    ['packages/test-helpers/src/mail.ts', '', 'test'],
    ['src/__e2e__/login.ts', '', 'test'],
    ['src/orders.servertest.ts', '', 'test'],
    ['push-examples/node/index.js', '', 'script'],
    ['src/latest.ts', '', 'app'],
    ['src/testing-grounds.ts', '', 'app'],
    ['src/clients.ts', '', 'app'],
    ['src/config/database.config.ts', '', 'app'],
    ['config/db.config.js', '', 'app'],
    ['src/vitest.config.ts', '', 'script'],
    ['packages/web/next.config.js', '', 'script'],
    ['tools/release.js', '', 'script'],
    ['src/agent/tools/search.ts', '', 'app'],
    ['src/services/demo/demo.service.ts', '', 'app'],
    ['bin/migrate.js', "import './db.js';", 'script'],
    ['bin/server.js', 'app.listen(3000);', 'app'],
    ['app/.well-known/security/route.ts', '', 'app'],
    ['src/routes/public/status.ts', "import { Hono } from 'hono';", 'app'],
    ['src/client/payments.ts', 'export const pay = (order) => call(order);', 'app'],
    ['src/client/page.ts', 'document.title = 1;', 'client'],
    ['public/page.js', "fetch('/api');", 'client'],
    ['src/pages/api/public/ready.ts', 'export default (req: NextApiRequest) => 1;', 'app'],
    ['src/assets/assets.module.ts', "import { Module } from '@nestjs/common';", 'app'],
    ['src/Row.tsx', 'export const Row = () => <a onClick={() => go()}>x</a>;', 'client'],
    ['src/Row.tsx', 'export const Row = () => <a>{rows()}</a>;', 'app'],
    ['app/routes/users.tsx', 'const x = useState(1);\nexport async function loader() {}', 'app'],
    ['pages/users.tsx', 'const x = useState(1);\nexport const getServerSideProps = 1;', 'app'],
    ['src/Row.story.tsx', '', 'test'],
    ['src/keys/pairTestUtils.ts', 'export const pairs = [];', 'test'],
    ['src/latestData.ts', 'export const latest = [];', 'app'],
    ['apps/client/src/pages/public/routes.ts', 'export const routes = [];', 'client'],
    ['src/long.js', `${'/* a */\n'.repeat(5_000)}\n${'\n'.repeat(5_000)}// use client\nrun();`, 'app'],
    ['src/late.tsx', `/* a **/\n// b\n'use client';`, 'client'],
  ])('%s (%j): %s', (path, text, kind) => expect(kindOf(path, text)).toBe(kind));

  test.each([
    ['src/a.ts', 'a', true],
    ['src/a.d.ts', 'a', false],
    ['src/a.min.js', 'a', false],
    ['src/generated/client.ts', 'a', false],
    ['src/a.ts', '/** @generated */\na', false],
    ['src/a.ts', '// @generated\na', false],
    ['src/a.js', `const a = '${'x'.repeat(5_000)}'`, false],
    ['src/a.js', 'a;\n'.repeat(400_000), false],
    ['src/a.json', '{}', false],
  ])('reading or not: %s', (path, text, expected) => expect(isSource(path, text)).toBe(expected));
});

describe('what is mended', () => {
  /** A rule that puts a word in place of every identifier of a name. */
  const puts = (id: string, name: string, word: string): Rule =>
    names(id, name, {
      file: (_source, tell) => ({
        Identifier(node) {
          const edits: Edit[] = [{ start: node.start, end: node.end, text: word }];
          if (node.name === name) tell(node, { message: name, fix: 'Rename it.', edits });
        },
      }),
    });
  const mended = (texts: Texts, rules: readonly Rule[]) => planFix(treeOf(texts), examineTexts(texts, rules).findings);

  test('are all places that touch no other', () => {
    const { changes } = mended({ 'src/a.ts': 'x + x;\ny' }, [puts('a/x', 'x', 'good'), puts('a/y', 'y', 'fine')]);
    expect(changes).toEqual([{ path: 'src/a.ts', before: 'x + x;\ny', after: 'good + good;\nfine' }]);
  });
  test('is one of two that want the same place', () => {
    const { changes } = mended({ 'src/a.ts': 'x;' }, [puts('a/x', 'x', 'first'), puts('b/x', 'x', 'second')]);
    expect(changes.map(({ after }) => after)).toEqual(['first;']);
  });
  test('is no file that would not be read afterwards', () => {
    const { changes, notes } = mended({ 'src/a.ts': 'x;', 'src/b.ts': 'y;' }, [
      puts('a/x', 'x', '= ='),
      puts('a/y', 'y', 'z'),
    ]);
    expect(changes.map(({ path }) => path)).toEqual(['src/b.ts']);
    expect(notes.join('\n')).toContain('src/a.ts is left as it is');
  });
  test('is nothing that is let be, and nothing without an edit', () => {
    const texts = { 'src/a.ts': 'x;' };
    const [finding] = examineTexts(texts, [puts('a/x', 'x', 'z')]).findings;
    const suppressed = finding && { ...finding, suppressed: { kind: 'inSource' as const, justification: 'own' } };
    expect(planFix(treeOf(texts), suppressed ? [suppressed] : []).changes).toEqual([]);
    expect(mended(texts, [names('a/x', 'x')]).changes).toEqual([]);
  });
});
