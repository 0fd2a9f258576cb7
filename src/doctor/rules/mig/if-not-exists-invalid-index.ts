import { migrationRule } from '../../sql/rule.ts';

export const ifNotExistsInvalidIndex = migrationRule({
  id: 'mig/if-not-exists-invalid-index',
  severity: 'info',
  confidence: 'certain',
  title: 'An index that failed half way is taken for a good one.',
  why: 'A `CREATE INDEX CONCURRENTLY` that fails, by duplicates or by a timeout, leaves an invalid index behind: no query uses it, and a unique one lets duplicates in. `IF NOT EXISTS` finds it by its name on the next run and reports success. Drop it first: `DROP INDEX CONCURRENTLY IF EXISTS`, then build it.',
  onlyOpen: true,
  mentions: /concurrently/i,
  look(moments, say) {
    const dropped = new Set<string>();
    for (const moment of moments) {
      const { change } = moment;
      if (change.change === 'drop-index') dropped.add(change.name.replace(/^.*\./, ''));
      if (change.change !== 'create-index' || !change.concurrent || !change.ifNotExists) continue;
      if (change.name === null || dropped.has(change.name) || moment.isNew(change.table)) continue;
      say(moment, {
        message: change.unique
          ? `Where a build of ${change.name} failed before, on duplicates for one, this reports success and keeps the invalid index: duplicates still get in.`
          : `Where a build of ${change.name} failed before, this reports success and keeps the invalid index, which no query uses.`,
        fix: `DROP INDEX CONCURRENTLY IF EXISTS ${change.name} before it, and leave IF NOT EXISTS out.`,
        ...(change.unique ? { severity: 'warning' as const } : {}),
      });
    }
  },
});
