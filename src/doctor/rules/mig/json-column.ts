import { migrationRule } from '../../sql/rule.ts';

export const jsonColumn = migrationRule({
  id: 'mig/json-column',
  severity: 'info',
  confidence: 'likely',
  title: 'A column is json where jsonb is meant.',
  why: '`json` keeps the text as it came and parses it on every read; it has no equality, so `SELECT DISTINCT`, `GROUP BY` and `UNION` over the table fail, and no GIN index. `jsonb` is parsed once. `json` is right only where every space and the order of keys must be kept.',
  onlyOpen: true,
  mentions: /\bjson\b/i,
  look(moments, say) {
    for (const moment of moments) {
      const { change } = moment;
      const columns =
        change.change === 'create-table'
          ? change.columns
          : change.change === 'add-column'
            ? [change.column]
            : change.change === 'set-type'
              ? [{ name: change.column, type: change.type }]
              : [];
      for (const { name, type } of columns)
        if (type.name === 'json')
          say(moment, {
            message: `${name} is json: it is parsed on every read, and SELECT DISTINCT and GROUP BY over it fail.`,
            fix: 'Make it jsonb.',
          });
    }
  },
});
