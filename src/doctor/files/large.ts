import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { loopAround, type Source } from '../code/source.ts';
import { isSent, taintOf } from '../flow/taint.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

/** Names of what people send, and of what grows for as long as the program runs. */
const growing =
  /upload|\breq(uest)?\.|locals\.\w*file|\bfile\.path\b|\blogs?(_?(files?|paths?|dir|folder))?\b|[a-z]Logs?(File|Path)?\b|LOG_|\.log\b|backup|dump|export|archive|video|audio|image|photo|media|attachment|\.(pdf|csv|zip|db|sqlite)\b|\bpdf|\bcsv|database|snapshot/i;

/**
 * True for synchronous work of a request on files that may take long: many of them, whole folders, what the client sends or
 * chooses, what grows. A small file is read or written in less than a millisecond.
 */
export function mayBeLarge(source: Source, call: Call, origin: string): boolean {
  if (isOfListed(source, call)) return false;
  if (loopAround(source, call) !== null || /#(default\.)?(cp|copy|copyFile|rm|remove)Sync$/.test(origin)) return true;
  return call.arguments.slice(0, 2).some((one, index) => {
    const text = `${source.textOf(one)} ${source.textOf(constantOf(source, one) ?? one)}`;
    return growing.test(text.replace(/^(\.\.?\/)+/, '')) || (index === 0 && isSent(taintOf(source, one)));
  });
}

/** `names.map((name) => readFileSync(name))`, where the names are written down: as many small files as it says there. */
function isOfListed(source: Source, call: Call): boolean {
  const loop = loopAround(source, call);
  const list =
    loop?.type === 'ForOfStatement'
      ? loop.right
      : loop?.type === 'CallExpression' && loop.callee.type === 'MemberExpression'
        ? loop.callee.object
        : null;
  const value = list && (constantOf(source, list) ?? unwrap(list));
  return value?.type === 'ArrayExpression' && value.elements.every((one) => one !== null && stringValue(one) !== null);
}
