import { describe, expect, test } from 'vitest';
import { detect } from '../../src/detect/index.ts';
import { type Examined, examine } from '../../src/doctor/examine.ts';
import { planFix } from '../../src/doctor/fix.ts';
import { type GitFacts, projectOf } from '../../src/doctor/project.ts';
import type { Rule } from '../../src/doctor/rule.ts';
import { openSql } from '../../src/doctor/sql/read.ts';
import { together } from '../../src/doctor/together.ts';
import type { Json } from '../../src/model.ts';
import { surroundings, treeOf } from '../tree.ts';

/** A project as a table of texts. A rule's table says only what matters: the rest of a project is `project`. */
export type Texts = Readonly<Record<string, string>>;

/** What the rule must say of a project: 'path:line' each, in order, with the severity behind it where it is not the rule's own ('src/a.ts:3 warning'). */
export interface Case {
  files: Texts;
  /** The folder of the project, where the texts are of more than it; the paths are from there. */
  folder?: string;
  /** Paths that git tracks; none where it is left out. */
  tracked?: readonly string[];
  /** Paths that .gitignore leaves out, where `tracked` is said. */
  ignored?: readonly string[];
  /** Those of them that are changed since the last commit. */
  modified?: readonly string[];
}

const readSql = await openSql();

/** package.json with these dependencies, ESM. */
export const manifest = (...dependencies: string[]): string =>
  JSON.stringify({
    name: 'shop',
    type: 'module',
    dependencies: Object.fromEntries(
      dependencies.map((one) => {
        const at = one.lastIndexOf('@');
        return at > 0 ? [one.slice(0, at), one.slice(at + 1)] : [one, '*'];
      }),
    ),
  } satisfies Json);

/** Runs rules over a project of texts; a package.json with Express is added where there is none. */
export function examineTexts(
  texts: Texts,
  rules: readonly Rule[],
  git: GitFacts | null = null,
  folder: string | null = null,
): Examined {
  const all = { 'package.json': manifest('express@^5.1.0'), ...texts };
  const tree = treeOf(folder === null ? all : below(folder, all));
  const profile = detect(tree, surroundings());
  const around = folder === null ? null : { tree: treeOf(all), folder };
  return examine(projectOf({ tree, profile }, git, around), rules, readSql);
}

const below = (folder: string, texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) =>
      path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), text]] : [],
    ),
  );

const gitOf = ({ files, tracked, ignored = [], modified = [] }: Case): GitFacts | null =>
  tracked === undefined
    ? null
    : {
        tracked: new Set(tracked),
        modified: new Set(modified),
        untracked: new Set(
          Object.keys({ 'package.json': '', ...files }).filter(
            (path) => !tracked.includes(path) && !ignored.includes(path),
          ),
        ),
      };

/** The texts after `--fix` has mended what these findings can be mended of. */
export function mendedBy(texts: Texts, findings: Examined['findings']): Texts {
  const { changes } = planFix(treeOf({ 'package.json': manifest('express@^5.1.0'), ...texts }), findings);
  return { ...texts, ...Object.fromEntries(changes.map(({ path, after }) => [path, after ?? ''])) };
}

/** What `--fix` mends is mended: those findings are gone, nothing new is found, it all still parses, and once is enough. */
function mends(rule: Rule, given: Case): void {
  const { findings } = examineTexts(given.files, [rule], gitOf(given), given.folder);
  const fixable = findings.filter(({ edits }) => edits.length > 0);
  if (fixable.length === 0 || given.folder !== undefined) return;
  expect(rule.remedy, 'only a rule of codemods has edits').toBe('codemod');
  let [files, left] = [given.files, findings];
  // Of two that edit one place the second is mended by the next run.
  for (let run = 0; run < fixable.length && left.some(({ edits }) => edits.length > 0); run++) {
    files = mendedBy(files, left);
    const ignored = [...(given.ignored ?? []), ...(files['.gitignore'] ?? '').split('\n')];
    const after = examineTexts(files, [rule], gitOf({ ...given, files, ignored }));
    expect(after.failures).toEqual([]);
    left = after.findings;
  }
  expect(
    left.map(({ rule, message, edits }) => ({ rule, message, edits })),
    JSON.stringify(files, null, 1),
  ).toEqual(
    findings.filter(({ edits }) => edits.length === 0).map(({ rule, message, edits }) => ({ rule, message, edits })),
  );
}

function said(rule: Rule, given: Case): string[] {
  const { findings, failures } = examineTexts(given.files, [rule], gitOf(given), given.folder);
  expect(failures).toEqual([]);
  return together(findings).map(({ path, line, severity }) => {
    const place = `${path ?? 'project'}${line === null ? '' : `:${line}`}`;
    return severity === rule.severity ? place : `${place} ${severity}`;
  });
}

/**
 * The contract of a rule: at least three projects where it says exactly this, and three that come near and where it
 * says nothing. Titles are the keys.
 */
export function ruleTest(
  rule: Rule,
  {
    hits,
    clean,
  }: { hits: Readonly<Record<string, Case & { at: readonly string[] }>>; clean: Readonly<Record<string, Case>> },
): void {
  describe(rule.id, () => {
    test('has three hits and three near misses', () => {
      expect(Object.keys(hits).length).toBeGreaterThanOrEqual(3);
      expect(Object.keys(clean).length).toBeGreaterThanOrEqual(3);
    });
    test.each(Object.entries(hits))('finds: %s', (_title, given) => {
      expect(said(rule, given)).toEqual(given.at);
      mends(rule, given);
    });
    test.each(Object.entries(clean))('lets be: %s', (_title, given) => {
      expect(said(rule, given)).toEqual([]);
    });
  });
}
