import { defineRule } from '../../rule.ts';
import { dialectOf } from '../../sql/dialect.ts';
import { foldersOf } from '../../sql/folder.ts';

export const editedAfterApplied = defineRule({
  id: 'mig/edited-after-applied',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A migration is changed, or put before others, after it was applied.',
  why: 'A migration runs once per database. Where it has run, a change of its text is never seen (Prisma refuses to go on: its checksum differs), and new databases get another schema than the old ones. A new file that sorts before applied ones is skipped by tools that go on from the last. Write a new migration behind all others.',
  remedy: { skill: 'migrations' },
  project(project, tell) {
    const { git, tree } = project;
    for (const [folder, { tool, paths, listed }] of foldersOf(project)) {
      if (paths.some((path) => dialectOf(project, path) === 'other')) continue;
      for (const [order, path] of paths.entries()) {
        const later = paths.slice(order + 1).find((other) => git?.tracked.has(other));
        if (git?.modified?.has(path))
          tell(
            { path, line: null },
            {
              message: `${path} is committed and was changed since: databases that have applied it never see the change.`,
              fix: 'Put the file back as it was committed, and write the change as a new migration.',
              // Code is changed for other reasons too: a name, a type, its format.
              ...(later === undefined || !path.endsWith('.sql') ? { confidence: 'hint' as const } : {}),
            },
          );
        // Prisma, and the libraries that migrate by code, run whatever has not run.
        if (git?.untracked.has(path) && later !== undefined && tool !== 'prisma' && path.endsWith('.sql'))
          tell(
            { path, line: null },
            {
              message: `${path} is new and sorts before ${later}, which is committed: a tool that goes on from the last one skips it.`,
              fix: 'Give it a number behind all others.',
              severity: 'warning',
            },
          );
      }
      const journal = tree.read(`${folder}/meta/_journal.json`);
      if (journal === null) continue;
      // A journal that names no file of the folder was left behind: the files are applied by other means.
      const isUsed = paths.some((path) => listed?.has(path));
      for (const [, tag] of journal.matchAll(/"tag"\s*:\s*"([^"]+)"/g))
        if (!tree.has(`${folder}/${tag}.sql`))
          tell(
            { path: `${folder}/meta/_journal.json`, line: lineOf(journal, `"${tag}"`) },
            {
              message: `The journal names ${tag}, and ${folder}/${tag}.sql is not there: no database can be migrated.`,
              fix: 'Put the file back; to undo a migration, write a new one.',
              confidence: isUsed ? 'certain' : 'hint',
            },
          );
    }
  },
});

const lineOf = (text: string, word: string): number => text.slice(0, text.indexOf(word)).split('\n').length;
