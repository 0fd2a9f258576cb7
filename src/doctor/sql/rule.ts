import { defineRule, type Rule, type Words } from '../rule.ts';
import type { Migration, SqlFile } from './file.ts';
import { type Saying, worthSaying } from './history.ts';
import { type Moment, momentsOf } from './moments.ts';
import { isSilenced } from './squawk.ts';

/** A migration as rules look at it. */
export interface MigrationFile extends SqlFile {
  migration: Migration;
}

/** Reports a finding at the statement of a moment. */
export type Say = (moment: Moment, words: Words) => void;

type Head = Pick<Rule, 'id' | 'severity' | 'confidence' | 'title' | 'why' | 'mentions'>;

/**
 * A rule over the changes of a migration, in order. What `squawk-ignore` comments silence is silent; of what has run
 * already only the newest is told of, the rest are hints; so is what is done to a table of few rows.
 */
export function migrationRule(
  head: Head & {
    /** True where what hurts grows with the table: on one of few rows it is a hint. */
    growsWithRows?: true;
    /** True where it harms those who use the table at that moment: where it has run, only tables that grow are told of. */
    harmsUse?: true;
    /** True where nothing can be done or learnt once the migration has run, as it is done once and is no habit: then it is a hint. */
    onlyOpen?: true;
    look(moments: readonly Moment[], say: Say, file: MigrationFile): void;
  },
): Rule {
  const { look, growsWithRows = false, harmsUse = growsWithRows, onlyOpen = false, ...rest } = head;
  return defineRule<Saying>({
    ...rest,
    since: '0.1.0',
    remedy: { skill: 'migrations' },
    where: 'all',
    sql(file, _tell, note) {
      const { migration, path } = file;
      if (migration === null) return;
      // A builder's call can be several statements: one place is told of once.
      const said = new Map<number, { end: number; isTeaching: boolean; all: Words[] }>();
      const say: Say = ({ statement, isSmall, isGrowing }, words) => {
        if (isSilenced(head.id, statement, file.text)) return;
        const own = growsWithRows && isSmall ? { ...words, confidence: 'hint' as const } : words;
        const before = said.get(statement.start);
        said.set(statement.start, {
          end: statement.end,
          isTeaching: !harmsUse || isGrowing || before?.isTeaching === true,
          all: [...(before?.all ?? []), own],
        });
      };
      look(momentsOf(file), say, { ...file, migration });
      const { folder, order, recent, newest } = migration;
      for (const [start, { end, isTeaching, all }] of said) {
        const [first, ...more] = [...all].sort(
          (a, b) => Number(a.confidence === 'hint') - Number(b.confidence === 'hint'),
        );
        if (!first) continue;
        const message = more.length === 0 ? first.message : `${first.message} ${alsoFor(more.length)}`;
        const words = { severity: head.severity, confidence: head.confidence, ...first, message };
        note({ folder, order, recent, newest, isTeaching, at: { path, start, end }, words });
      }
    },
    project(project, tell, notes) {
      for (const { at, words } of worthSaying(
        project.git,
        onlyOpen,
        notes.map(({ note }) => note),
      ))
        tell(at, words);
    },
  });
}

/** One statement is told of once, however many of its actions are meant. */
const alsoFor = (count: number): string =>
  `The same holds for ${count === 1 ? 'one more action' : `${count} more actions`} of the statement.`;

/** A list of names as people say it: 'a', 'a and b', 'a, b and 3 more'. */
export function named(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ');
  return names.length === 3
    ? `${names.slice(0, 2).join(', ')} and ${names[2]}`
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
