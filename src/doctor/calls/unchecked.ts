import { keyOf, literal, type Syntax, unwrap } from '../../text/syntax.ts';
import { constantOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import { everyNode, functionAround, isFunction, type Source } from '../code/source.ts';

/** What may be done with a socket that only shows its certificate, or the time that it takes. */
const looks =
  /^(getPeerCertificate|getPeerX509Certificate|getProtocol|getCipher|getEphemeralKeyInfo|getSession|getSharedSigalgs|isSessionReused|alpnProtocol|authorized|authorizationError|destroy|destroyed|end|setTimeout|removeAllListeners|unref)$/;
const listens = /^(on|once)$/;
const happenings = /^(error|timeout|secureConnect|close|end|OCSPResponse|session|keylog)$/;

/** True for options of a `tls.connect()` whose socket is looked at and closed: nothing is sent or read on it. */
export function isOnlyLookedAt(source: Source, option: Syntax): boolean {
  const call = givenTo(source, source.parentOf(option));
  if (call?.type !== 'CallExpression' || !/^tls#(default\.)?connect$/.test(originOf(source, call.callee) ?? ''))
    return false;
  const holder = source.parentOf(call);
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return false;
  const { name } = holder.id;
  let isLooked = true;
  everyNode(functionAround(source, call) ?? source.program, (node, parent) => {
    if (node.type !== 'Identifier' || node.name !== name || node === holder.id || !isLooked) return;
    // The name of a property or an option of another thing.
    if (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) return;
    if (parent?.type === 'Property' && parent.key === node && parent.value !== node) return;
    isLooked = parent?.type === 'MemberExpression' && isLook(source, parent);
  });
  return isLooked;
}

/** The call that is given an object: there, or by the name that it has. */
function givenTo(source: Source, object: Syntax | null): Syntax | null {
  const holder = object && source.parentOf(object);
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return holder;
  const { name } = holder.id;
  const uses: Syntax[] = [];
  everyNode(functionAround(source, holder) ?? source.program, (node, parent) => {
    const isUse = node.type === 'Identifier' && node.name === name && node !== holder.id;
    if (isUse && parent) uses.push(parent);
  });
  return uses.length === 1 ? (uses[0] ?? null) : null;
}

function isLook(source: Source, member: Extract<Syntax, { type: 'MemberExpression' }>): boolean {
  if (member.computed || member.property.type !== 'Identifier') return false;
  const method = member.property.name;
  const call = source.parentOf(member);
  const [first] = call?.type === 'CallExpression' && call.callee === member ? call.arguments : [];
  if (listens.test(method)) return first !== undefined && happenings.test(String(literal(first)));
  return looks.test(method) && (method !== 'end' || first === undefined);
}

/** True for a field's default in an object of one's own (`_.defaults(this, given, { … })`): a setting, no options of a connection. */
export function isOwnDefault(source: Source, option: Syntax): boolean {
  const object = source.parentOf(option);
  const call = object && source.parentOf(object);
  return (
    call?.type === 'CallExpression' &&
    /(^|\.)(defaults|defaultsDeep|assign|merge|extend)$/.test(source.textOf(call.callee)) &&
    call.arguments[0]?.type === 'ThisExpression'
  );
}

/** True where the same file makes the same thing with the check on: which of them is taken is chosen elsewhere. */
export function hasCheckedTwin(source: Source, option: Syntax): boolean {
  const made = [...source.above(option)].find(({ type }) => type === 'NewExpression');
  if (made?.type !== 'NewExpression') return false;
  const callee = source.textOf(made.callee);
  let isThere = false;
  everyNode(source.program, (node) => {
    if (isThere || node.type !== 'NewExpression' || node === made || source.textOf(node.callee) !== callee) return;
    isThere = node.arguments.some((one) => {
      const options = unwrap(one);
      return options.type === 'ObjectExpression' && options.properties.some(checks);
    });
  });
  return isThere;
}

const checks = (one: Syntax): boolean =>
  one.type === 'Property' && keyOf(one) === 'rejectUnauthorized' && literal(one.value) === true;

const isSelf = /['"`](localhost|127\.0\.0\.1|::1)['"`]/;

/** True where a condition lets only connections to this very machine come here. */
export function isForSelf(source: Source, at: Syntax): boolean {
  let inner: Syntax = at;
  for (const parent of source.above(at)) {
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
      const parts = conjuncts(source, parent.test);
      const isEqual = (one: Syntax, sign: string): boolean =>
        one.type === 'BinaryExpression' && one.operator.startsWith(sign) && isSelf.test(source.textOf(one));
      // Plain HTTP knows no certificates.
      const isPlain = (one: Syntax): boolean =>
        one.type === 'BinaryExpression' &&
        one.operator.startsWith('==') &&
        /['"`]https:?['"`]/.test(source.textOf(one));
      if (parent.consequent === inner && parts.some((one) => isEqual(one, '=='))) return true;
      const others = parts.filter((one) => !isEqual(one, '!='));
      if (parent.alternate === inner && others.length < parts.length && others.every(isPlain)) return true;
    }
    if (isFunction(parent)) return false;
    inner = parent;
  }
  return false;
}

/** The parts of a condition that all have to hold, through the variable that holds it. */
function conjuncts(source: Source, outer: Syntax, depth = 0): Syntax[] {
  const node = unwrap(outer);
  const value = node.type === 'Identifier' && depth < 3 ? constantOf(source, node) : null;
  if (value) return conjuncts(source, value, depth + 1);
  return node.type === 'LogicalExpression' && node.operator === '&&'
    ? [...conjuncts(source, node.left, depth), ...conjuncts(source, node.right, depth)]
    : [node];
}
