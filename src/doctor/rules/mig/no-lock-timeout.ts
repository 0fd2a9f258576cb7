import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';
import { momentsOf } from '../../sql/moments.ts';
import { isSilenced } from '../../sql/squawk.ts';

/** A migration that takes a strong lock without a limit, and the folder that it is the newest of. */
interface Note {
  folder: string;
  order: number;
  at: Spot;
  table: string;
}

export const noLockTimeout = defineRule<Note>({
  id: 'mig/no-lock-timeout',
  since: '0.1.0',
  severity: 'info',
  // True of most projects, and half of their maintainers let it be.
  confidence: 'hint',
  title: 'Migrations wait for locks without a limit.',
  why: "An ALTER TABLE that takes a moment still waits for the longest query that is running on the table, and every query that comes after it waits behind it: one forgotten report and a harmless migration stop the service. With `SET lock_timeout = '3s'` the migration gives up instead, and can be tried again. Set it in the migrations, in the URL of the role that migrates (`options=-c lock_timeout=3s`), or on that role.",
  remedy: { skill: 'migrations' },
  where: 'all',
  mentions: /\b(alter|drop|truncate|create)\b/i,
  sql(file, _tell, note) {
    const { migration, path } = file;
    if (migration === null || !migration.recent || /\block_timeout\b/i.test(file.text)) return;
    const moment = momentsOf(file).find(
      ({ effects, statement, isSmall }) =>
        !isSmall &&
        effects.some(({ lock }) => lock === 'access exclusive') &&
        !isSilenced('mig/no-lock-timeout', statement, file.text),
    );
    if (!moment) return;
    const { start, end } = moment.statement;
    const table = moment.effects.find(({ lock }) => lock === 'access exclusive')?.table ?? '';
    note({ folder: migration.folder, order: migration.order, at: { path, start, end }, table });
  },
  project(project, tell, notes) {
    if (notes.length === 0 || setsIt(project)) return;
    const folders = new Set(notes.map(({ note }) => note.folder));
    for (const folder of folders) {
      const own = notes.map(({ note }) => note).filter((note) => note.folder === folder);
      const newest = own.reduce((a, b) => (b.order > a.order ? b : a));
      tell(newest.at, {
        message: `Nothing sets lock_timeout: this waits behind the longest query on ${newest.table} without a limit, and every other query on it waits behind this.`,
        fix: `SET lock_timeout = '3s' at the top of each migration, or on the role that migrates.`,
      });
    }
  },
});

/** True where any file of the project sets it: in a script, in a URL, for a role. */
const setsIt = ({ files, tree }: Project): boolean =>
  files.some(
    (path) =>
      /\.([cm]?[jt]sx?|sql|json|toml|ya?ml|sh|env[\w.]*)$|(^|\/)\.env/.test(path) &&
      /(?<!SET LOCAL )\block_timeout\b|\blockTimeout\b/i.test(tree.read(path) ?? ''),
  );
