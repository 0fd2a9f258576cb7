import { literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { lacks, optionsIn } from '../../code/options.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { defineRule, type Spot } from '../../rule.ts';

type Library = 'ws' | 'socket.io' | 'nest';
interface Server {
  library: Library;
  spot: Spot;
  /** The connection is checked in the server's own file. */
  isChecked: boolean;
  isOpenToAll: boolean;
  /** What a connection asks for is looked at with the request that opened it. */
  looksLater: boolean;
}
/** A server, or a file that checks connections of one. */
type Note = Server | { checks: Library };

/** Words of code that looks who connects. */
const checking =
  /verifyClient|authenticat|authoriz|validateRequest|validateSession|verifyToken|\bjwt\b|\btokens?\b|sessions?\b|\bcookies?\b|passport|api_?key|secret|getUser|currentUser|allowRequest|UseGuards|handshake\s*\.\s*(auth|headers|query)|\.verify\(|\bauth\w*\(/i;

/** What a library of GraphQL hands to each operation: the request, and what the client says of itself. */
const lateLook = /\bextra\s*\??\.\s*request\b|\bconnectionParams\b/;

export const wsAuthOrigin = defineRule<Note>({
  id: 'rt/ws-auth-origin',
  since: '0.1.0',
  severity: 'warning',
  // Who may connect is mostly decided where no rule looks: in messages, in adapters, by what is broadcast.
  confidence: 'hint',
  title: 'A WebSocket server takes every connection, from every page.',
  why: 'CORS does not hold for WebSockets: any page in the world may open one to this server, and the browser sends the user’s cookies with it. Where nothing looks who connects and from which `Origin`, strangers read what is broadcast and send what users send. Check the session or a ticket of one use while the connection is upgraded, compare `Origin` with a list, and set `maxPayload`: `ws` takes messages of 100 MiB unless told.',
  remedy: { skill: 'realtime' },
  owasp: 'API2',
  securitySeverity: 6.5,
  mentions: /['"]ws['"]|socket\.io|WebSocketGateway|handleUpgrade|['"]upgrade['"]|allowRequest|IoAdapter/,
  file(source, tell, note) {
    const checks = checking.test(source.text.replace(/^import .*$/gm, ''));
    if (checks && /handleUpgrade|['"]upgrade['"]/.test(source.text)) note({ checks: 'ws' });
    if (checks && /allowRequest|\bio\w*\.use\(|\.of\([^)]*\)\.use\(|handshake/.test(source.text))
      note({ checks: 'socket.io' });
    if (checks && /IoAdapter|WebSocketAdapter/.test(source.text)) note({ checks: 'nest' });
    const server = (node: Syntax, library: Library, options: Syntax | undefined): void => {
      if (isForDevelopment(source, node)) return;
      note({
        library,
        spot: { path: source.path, start: node.start, end: node.end },
        isChecked: checks,
        isOpenToAll: isOpen(source, options),
        looksLater: lateLook.test(source.text),
      });
      if (library === 'ws' && checks && lacks(source, options, 'maxPayload'))
        tell(node, {
          message: 'This WebSocket server has no maxPayload: one message may take 100 MiB of memory.',
          fix: 'Set maxPayload to the largest message that you expect, some kilobytes most often.',
        });
    };
    return {
      NewExpression(node) {
        const origin = originOf(source, node.callee) ?? '';
        if (/^ws#(default\.)?(WebSocketServer|Server|WebSocket\.Server)$/.test(origin))
          server(node, 'ws', node.arguments[0]);
        if (/^socket\.io#(default|Server)$/.test(origin))
          server(
            node,
            'socket.io',
            node.arguments.find((one) => optionsIn(source, one) !== null),
          );
      },
      CallExpression(node) {
        const origin = originOf(source, node.callee) ?? '';
        if (/^socket\.io#(default|listen)$/.test(origin)) server(node, 'socket.io', node.arguments[1]);
      },
      ClassDeclaration(node: Syntax) {
        if (node.type !== 'ClassDeclaration') return;
        const gateway = (node.decorators ?? [])
          .map((one) => unwrap(one.expression))
          .find(
            (one) =>
              one.type === 'CallExpression' && originOf(source, one.callee) === '@nestjs/websockets#WebSocketGateway',
          );
        if (gateway?.type === 'CallExpression') server(gateway, 'nest', gateway.arguments.at(-1));
      },
    };
  },
  project(_project, tell, notes) {
    // A file that makes a server of its own checks that one, and no other.
    const own = new Set(notes.flatMap(({ path, note }) => ('checks' in note ? [] : [path])));
    const checked = new Set(
      notes.flatMap(({ path, note }) => ('checks' in note && !own.has(path) ? [note.checks] : [])),
    );
    for (const { note } of notes) {
      if ('checks' in note || note.isChecked || checked.has(note.library)) continue;
      if (note.library === 'nest' && (checked.has('socket.io') || checked.has('ws'))) continue;
      tell(note.spot, {
        message: note.looksLater
          ? 'Who connects to this WebSocket server is looked at with each operation at most, and nothing looks from which page: any page may ask as its visitor.'
          : note.isOpenToAll
            ? 'This WebSocket server takes every connection from every origin, and nothing looks who it is: any page can listen and send.'
            : 'Nothing looks who connects to this WebSocket server, nor from which page: anybody can listen and send.',
        fix: fixes[note.library],
      });
    }
  },
});

const fixes: Readonly<Record<Library, string>> = {
  ws: 'Check the session or a ticket, and the Origin, in the `upgrade` handler before handleUpgrade(); set maxPayload.',
  'socket.io':
    'Check the handshake in io.use(), give cors a list of origins, and allowRequest for the Origin of WebSockets.',
  nest: 'Check the handshake in handleConnection() or a guard, and give cors a list of origins.',
};

/** `cors: true`, `cors: { origin: '*' }`. */
function isOpen(source: Source, options: Syntax | undefined): boolean {
  const cors = options && optionsIn(source, options)?.values.get('cors');
  if (!cors) return false;
  const origin = optionsIn(source, cors)?.values.get('origin');
  return literal(cors) === true || (origin !== undefined && (stringValue(origin) === '*' || literal(origin) === true));
}
