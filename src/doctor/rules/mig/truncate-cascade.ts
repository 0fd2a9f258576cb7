import { migrationRule, named } from '../../sql/rule.ts';

export const truncateCascade = migrationRule({
  id: 'mig/truncate-cascade',
  severity: 'error',
  confidence: 'certain',
  title: 'TRUNCATE … CASCADE empties every table that points here.',
  why: '`CASCADE` empties all tables with a foreign key to the ones that are named, and those that point at these, without a word of which. One key that somebody added since is enough to lose a table nobody thought of. Name each table that is to be emptied.',
  mentions: /\btruncate\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change } = moment;
      if (change.change !== 'truncate' || !change.cascade || change.tables.every(moment.isNew)) continue;
      say(moment, {
        message: `This empties ${named(change.tables)} and every table with a foreign key to ${change.tables.length > 1 ? 'them' : 'it'}.`,
        fix: 'Name every table that is to be emptied, and leave CASCADE out.',
      });
    }
  },
});
