import { defineRule, type Rule, type Words } from '../rule.ts';
import type { Migration, SqlFile } from './file.ts';
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
 * A rule over the changes of a migration, in order. What `squawk-ignore` comments silence is silent; what an old
 * migration did is a hint, as it is done and cannot be mended.
 */
export function migrationRule(
  head: Head & { look(moments: readonly Moment[], say: Say, file: MigrationFile): void },
): Rule {
  const { look, ...rest } = head;
  return defineRule({
    ...rest,
    since: '0.1.0',
    remedy: { skill: 'migrations' },
    where: 'all',
    sql(file, tell) {
      const { migration } = file;
      if (migration === null) return;
      const say: Say = ({ statement }, words) => {
        if (isSilenced(head.id, statement, file.text)) return;
        const { start, end } = statement;
        tell({ path: file.path, start, end }, migration.recent ? words : { ...words, confidence: 'hint' });
      };
      look(momentsOf(file), say, { ...file, migration });
    },
  });
}

/** A list of names as people say it: 'a', 'a and b', 'a, b and 3 more'. */
export function named(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ');
  return names.length === 3
    ? `${names.slice(0, 2).join(', ')} and ${names[2]}`
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
