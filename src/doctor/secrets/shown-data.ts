import { keyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { namesAround } from '../code/objects.ts';
import { everyNode, type Source } from '../code/source.ts';

/** Files that hold what is shown, sown or tried out. */
const shown =
  /(^|[/._-])(previews?|samples?|fixtures?|mocks?|mocked|examples?|hand-?authored|seeds?|seeders?|populate)([/._-]|$)/i;
/** Names of what is shown: `PreviewProps`, `samples`, `mockUser`. */
const shownName =
  /^_*([pP]reviews?|PREVIEWS?|[sS]amples?|SAMPLES?|[fF]ixtures?|FIXTURES?|[mM]ocks?|MOCKS?|[eE]xamples?|EXAMPLES?)(?![a-z])/;
/** Calls that a secret is for. */
const using =
  /\b(\w*sign(In|Async|JWT)?|verify\w*|\w*encrypt\w*|\w*decrypt\w*|create(Hmac|Cipheriv|Decipheriv)|\w*[cC]onnect(ion)?|log[iI]n\w*|authenticate\w*|createTransport|createClient|fetch|axios)\s*\(|\bset[\w]*Header\(|\bAuthorization\b|\bBearer\b/;

/**
 * True for a literal that is data: in a file, or under a name, of what is shown, sown or tried out, where nothing signs,
 * verifies, connects or logs in. Its own name says nothing of that: a `previewSecret` opens previews.
 */
export function isShown(source: Source, node: Syntax, own: string): boolean {
  const isAbout =
    shown.test(source.path) ||
    isOfExample(source, node) ||
    [...namesAround(source, node)].some((name) => name !== own && shownName.test(name));
  return isAbout && !using.test(source.text);
}

/** `{ email: 'ada@example.com', password: '…' }`: somebody who does not exist. */
function isOfExample(source: Source, node: Syntax): boolean {
  const property = source.parentOf(node);
  const object = property?.type === 'Property' ? source.parentOf(property) : null;
  return (
    object?.type === 'ObjectExpression' &&
    object.properties.some(
      (one) => one.type === 'Property' && /@example\.(com|org|net)$/i.test(stringValue(unwrap(one.value)) ?? ''),
    )
  );
}

/** `development: { secret: '…' }`, `[Environment.local]: [{ … }]`: what holds on the machine of a developer alone. */
export const isForLocal = (source: Source, node: Syntax): boolean =>
  [...source.above(node)].some(
    (one) =>
      one.type === 'Property' &&
      /^(?:\w+\.)*(local|localhost|dev|develop|development|test|testing)$/i.test(
        one.computed ? source.textOf(one.key) : (keyOf(one) ?? ''),
      ),
  );

/** `TestServer.create({ … })`, `new FakeStore({ … })`, `startTestServer({ … })`. */
const madeForTests = /^(Test|Mock|Fake|Stub)[A-Z]\w*(\.\w+)?$|(^|\.)[a-z]+(Test|Mock|Fake|Stub)[A-Z]\w*$/;

/** True for a literal that is given to what is made for tests alone. */
export const isOfTest = (source: Source, node: Syntax): boolean =>
  [...source.above(node)].some(
    (parent) =>
      (parent.type === 'CallExpression' || parent.type === 'NewExpression') &&
      madeForTests.test(source.textOf(parent.callee)),
  );

/**
 * True for a constant of a file that only lends its letters (`MASK.charCodeAt(i)`, `MASK.length`): it is given to nothing
 * that signs or encrypts, and may be a mask that hides nothing.
 */
export function isMask(source: Source, node: Syntax): boolean {
  const declared = source.parentOf(node);
  if (declared?.type !== 'VariableDeclarator' || declared.id.type !== 'Identifier') return false;
  const { id } = declared;
  const holder = source.parentOf(source.parentOf(declared) ?? declared);
  if (holder?.type === 'ExportNamedDeclaration') return false;
  let letters = 0;
  let others = 0;
  everyNode(source.program, (one, parent) => {
    if (one.type !== 'Identifier' || one.name !== id.name || one === id) return;
    const isLetter =
      parent?.type === 'MemberExpression' &&
      parent.object === one &&
      (parent.computed ||
        (parent.property.type === 'Identifier' &&
          /^(charCodeAt|codePointAt|charAt|length)$/.test(parent.property.name)));
    if (isLetter) letters += 1;
    else others += 1;
  });
  return letters > 0 && others === 0;
}
