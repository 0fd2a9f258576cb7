import type { RuleDescription } from '../model.ts';

type Row = readonly [id: string, severity: RuleDescription['severity'], title: string, help: string];

const rows: readonly Row[] = [
  [
    'lock-damaged',
    'error',
    'The lock cannot be read.',
    'What was added is recorded in `.backend-skills/lock.json`. Restore it from version control.',
  ],
  [
    'lock-newer',
    'error',
    'The lock was written by a newer version.',
    'Use the version of backend-skills that wrote the lock, or a newer one.',
  ],
  [
    'lock-hostile',
    'error',
    'The lock names a path outside of the project.',
    'Nothing is done with such a lock. Find out who changed it, and restore it from version control.',
  ],
  [
    'lock-tampered',
    'error',
    'The lock was changed by hand.',
    'Its integrity does not hold, so nothing is done with it. Restore it from version control.',
  ],
  [
    'interrupted-run',
    'error',
    'A run was interrupted.',
    'What it wrote is neither done nor taken back. The next command that writes finishes or undoes it first.',
  ],
  [
    'file-missing',
    'error',
    'A file of a module is gone.',
    'Restore it from version control, or take the module out with `backend-skills remove`.',
  ],
  [
    'conflict-markers',
    'error',
    'A merge was left unfinished.',
    'An update left conflict markers, and the file cannot work with them. Settle the conflict and delete the markers.',
  ],
  [
    'file-edited',
    'info',
    'A file of a module was edited.',
    'Nothing to do if this is meant: an update keeps the edit. `backend-skills diff` shows it.',
  ],
  [
    'unwired',
    'error',
    'A line that connects a module is gone.',
    'Without it the module is never reached. Put it back, or run `backend-skills add` again.',
  ],
  [
    'wiring-order',
    'error',
    'A line that connects a module stands below what must come after it.',
    'A body parser above it takes the exact bytes away, a not-found handler answers in its place. Move the line above.',
  ],
  [
    'dependency-missing',
    'error',
    'A module imports a package that is not declared.',
    'Declare the package in package.json and install.',
  ],
  [
    'dependency-changed',
    'info',
    'A dependency is declared with another range.',
    'Nothing to do: the range still allows a version that the module works with.',
  ],
  [
    'dependency-out-of-range',
    'error',
    'A dependency has a version that the module is not made for.',
    'Declare and install a version in the range that the module is tested with.',
  ],
  [
    'variable-undocumented',
    'error',
    'A variable that a module reads is not listed.',
    'Whoever sets up the project next will not know of it. List it in the file again.',
  ],
  [
    'step-open',
    'error',
    'A step that is to be done by hand is open.',
    'No safe place was found for these lines, so a person must put them in. Until then the module is never reached.',
  ],
  [
    'skill-changed',
    'error',
    'The copy of a skill from elsewhere is not what was agreed to.',
    'Later commands work from the copy in `.backend-skills/skills/`, so they refuse it. Restore it from version control.',
  ],
  [
    'module-outdated',
    'warning',
    'A newer version of a module exists.',
    '`backend-skills update` moves to it by a three-way merge: your edits stay.',
  ],
];

/** Every rule that `check` knows. */
export const checkRules: readonly RuleDescription[] = rows.map(([id, severity, title, help]) => ({
  id,
  severity,
  title,
  help,
}));
