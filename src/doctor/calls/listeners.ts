import { type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { type Binding, bindingOf } from '../code/names.ts';
import { memberName } from '../code/objects.ts';
import { definitionOf, originOf } from '../code/origin.ts';
import { everyNode, everyOf, isFunction, type Source } from '../code/source.ts';
import { nameOf } from '../queries/queries.ts';
import { type CallSyntax, calledName } from './waits.ts';

/** A listener for errors: where what it listens to comes from, and the name of that. */
export interface Listener {
  listens: string | null;
  name: string | null;
}

/** `x.on('error', …)`, also chained to the call that makes x. */
export function listensTo(source: Source, call: CallSyntax): Listener | null {
  if (
    call.callee.type !== 'MemberExpression' ||
    !/^(on|once|addListener|prependListener|addEventListener)$/.test(calledName(call) ?? '')
  )
    return null;
  const [event] = call.arguments;
  if (!event || stringValue(event) !== 'error') return null;
  let object = unwrap(call.callee.object);
  while (
    object.type === 'CallExpression' &&
    object.callee.type === 'MemberExpression' &&
    /^(on|once|addListener)$/.test(calledName(object) ?? '')
  )
    object = unwrap(object.callee.object);
  const origin = originOf(source, object);
  return { listens: origin, name: nameOf(object) };
}

const servers = /^ws#(default\.)?(WebSocketServer|Server)\(\)$/;

/** `server.on('connection', (socket) => …)` of ws whose sockets nobody listens to for errors: what the listener calls a socket. Null where somebody does, or may. */
export function deafTo(source: Source, call: CallSyntax): string | null {
  if (!isConnection(source, call) || call.callee.type !== 'MemberExpression') return null;
  const server = unwrap(call.callee.object);
  const holder = server.type === 'Identifier' ? bindingOf(source, server) : null;
  if (holder === null || isGivenAway(source, holder)) return null;
  const socket = socketOf(source, call);
  return socket && socket.place.source === source && !mayListen(source, socket.name) ? socket.name.name : null;
}

const isConnection = (source: Source, call: CallSyntax): boolean =>
  call.callee.type === 'MemberExpression' &&
  calledName(call) === 'on' &&
  call.arguments[0] !== undefined &&
  stringValue(call.arguments[0]) === 'connection' &&
  servers.test(originOf(source, call.callee.object) ?? '');

/** The first parameter of the function that is called with each socket. */
function socketOf(source: Source, call: CallSyntax) {
  const given = call.arguments[1] && unwrap(call.arguments[1]);
  const place = given && (isFunction(given) ? { source, node: given } : definitionOf(source, given));
  if (!place || !isFunction(place.node)) return null;
  const [first] = place.node.params;
  return first?.type === 'Identifier' ? { place, name: first } : null;
}

/** The server is handed to somebody else, or another listener of its connections listens to errors: `applyHandler({ wss })`. */
function isGivenAway(source: Source, server: Binding): boolean {
  let given = false;
  everyNode(server.scope, (node) => {
    if (given) return;
    if (
      node.type === 'Identifier' &&
      node.name === server.name &&
      bindingOf(source, node)?.declaration === server.declaration
    )
      given = /^(CallExpression|NewExpression|Property)$/.test(source.parentOf(node)?.type ?? '');
    if (node.type !== 'CallExpression' || !isConnection(source, node)) return;
    const socket = socketOf(source, node);
    if (!socket || mayListen(socket.place.source, socket.name)) given = true;
  });
  return given;
}

/** What keeps a socket, or sends it something, and listens to nothing. */
const keeping = /^(add|set|push|delete|has|get|send|remove|indexOf|includes|unshift|log|info|debug)$/;

/** True where errors of a socket are listened to, or it goes where that cannot be told. */
function mayListen(source: Source, socket: Extract<Syntax, { type: 'Identifier' }>, depth = 2): boolean {
  const binding = bindingOf(source, socket);
  let may = binding === null || depth === 0;
  if (binding)
    everyOf(binding.scope, ['Identifier'], (node) => {
      if (may || node.type !== 'Identifier' || node === socket || node.name !== socket.name) return;
      if (bindingOf(source, node)?.declaration === binding.declaration) may = isHandedOn(source, node, depth);
    });
  return may;
}

function isHandedOn(source: Source, node: Syntax, depth: number): boolean {
  const parent = source.parentOf(node);
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    if (memberName(parent) === 'onerror') return true;
    const call = source.parentOf(parent);
    if (call?.type !== 'CallExpression' || call.callee !== parent) return false;
    return listensTo(source, call) !== null || memberName(parent) === 'pipe';
  }
  if (parent?.type === 'BinaryExpression' || parent?.type === 'UnaryExpression') return false;
  if (parent?.type !== 'CallExpression' || parent.callee === node) return true;
  if (keeping.test(calledName(parent) ?? '')) return false;
  const place = definitionOf(source, parent.callee);
  const taken =
    place && isFunction(place.node)
      ? place.node.params[parent.arguments.findIndex(({ start }) => start === node.start)]
      : null;
  return !place || taken?.type !== 'Identifier' || mayListen(place.source, taken, depth - 1);
}
