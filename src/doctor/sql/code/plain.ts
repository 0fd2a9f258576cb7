import { unwrap } from '../../../text/syntax.ts';
import type { Reader } from './piece.ts';
import { rawSql } from './raw.ts';

/** SQL that is handed to a driver as it is: `client.query('…')`, ``pool.query(sql`…`)``, `this.addSql('…')`, ``sql`…`.execute(db)``. */
export const plain: Reader = (call) => {
  if (!/^(query|any|one|none|execute|unsafe|addSql|raw|runSql|\$(execute|query)Raw(Unsafe)?)$/.test(call.method))
    return null;
  const on = unwrap(call.on);
  const node = call.args[0] ?? (on.type === 'TaggedTemplateExpression' ? on : undefined);
  const raw = node ? rawSql(call.source, node) : null;
  return raw === null ? null : [raw];
};
