import { type Syntax, unwrap } from '../../../text/syntax.ts';
import { answerOf } from '../../routes/answers.ts';
import { memberName } from '../../code/objects.ts';
import { functionAround } from '../../code/source.ts';
import { hasPasswords, rowsIn } from '../../queries/whole-rows.ts';
import { defineRule } from '../../rule.ts';

type Sent = Extract<Syntax, { type: 'CallExpression' | 'NewExpression' }>;

/** Words of functions that take fields out of what they send. */
const cleaning =
  /\bdelete\s+[\w.[\]'"]*(pass|pwd|hash)|\.?(password|passwd|pwd)['"\]]*\s*=\s*(undefined|null|['"`])|\b(omit|pick|exclude|without|sanitize|serialize|toPublic|toSafe|transform)\w*\(|\btoJSON\b|\btoObject\b|plainToInstance|plainToClass/i;

export const passwordInAnswer = defineRule({
  id: 'sec/password-in-answer',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A whole row goes to the client, with its password in it.',
  why: 'What a query gives without a choice of columns has all of them: the hash of the password too (or the password, where it is kept as it came), and whatever is added to the table later. The page shows none of it, and everybody sees it in the network tab; a hash is tried at home by the million. Choose the columns in the query, or leave the password out by default: `select: false` in the schema, `omit` in Prisma’s client.',
  remedy: 'words',
  running: true,
  owasp: 'API3',
  securitySeverity: 6.5,
  mentions: /\.(json|send|jsonp)\(|\bResponse\b/,
  file: (source, tell) => {
    if (/(^|[/._-])(seed\w*|scripts?|fixtures?|mocks?|admin)([/._-]|$)/i.test(source.path)) return {};
    const look = (node: Sent): void => {
      // A page prints of a row what it names.
      if (memberName(unwrap(node.callee)) === 'render') return;
      const answer = answerOf(source, node);
      const scope = functionAround(source, node);
      if (answer === null || scope === null || (answer.status ?? 200) >= 400) return;
      if (cleaning.test(source.textOf(scope))) return;
      for (const sent of partsOf(unwrap(answer.body))) {
        const rows = rowsIn(source, sent);
        const password = rows && hasPasswords(rows);
        if (!rows || !password) continue;
        const isMany = rows.query.kind === 'many';
        tell(sent, {
          message: `${isMany ? 'Whole rows' : 'The whole row'} of ${rows.query.model} ${isMany ? 'go' : 'goes'} to the client, and ${password} with ${isMany ? 'each' : 'it'}.`,
          fix: `Choose the columns that the client needs, or leave ${password} out where the model is declared.`,
          together: String(rows.query.model),
          ...(isMany ? { severity: 'error' as const } : {}),
        });
        return;
      }
    };
    return { CallExpression: look, NewExpression: look };
  },
});

/** What is sent: the value itself, or those of an object's that is written there. */
function partsOf(body: Syntax): Syntax[] {
  if (body.type !== 'ObjectExpression') return [body];
  return body.properties.flatMap((one) => {
    if (one.type === 'SpreadElement') return [];
    const value = unwrap(one.value);
    return value.type === 'ObjectExpression' ? partsOf(value) : [value];
  });
}
