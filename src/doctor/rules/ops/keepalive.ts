import { originOf } from '../../code/origin.ts';
import { runsAsServer } from '../../code/serverless.ts';
import { defineRule } from '../../rule.ts';

type Note = { listens: { path: string; start: number; end: number } } | 'set';

export const keepalive = defineRule<Note>({
  id: 'ops/keepalive',
  since: '0.1.0',
  severity: 'info',
  confidence: 'hint',
  title: 'Idle connections are closed sooner than a load balancer expects.',
  why: 'Node closes a connection after 5 seconds without a request. A load balancer in front keeps its own for longer (60 seconds is usual), and sends a request down one that is being closed: the client gets a 502. Set `server.keepAliveTimeout` above the balancer’s idle time, and `headersTimeout` above that.',
  remedy: { skill: 'health' },
  mentions: /\blisten\b|keepAliveTimeout/,
  applies: runsAsServer,
  file(source, _tell, note) {
    if (source.text.includes('keepAliveTimeout')) note('set');
    return {
      CallExpression(node) {
        const origin = originOf(source, node.callee);
        if (origin !== null && /^(express|fastify|koa|https?)#\w+\(\)(\.\w+\(\))*\.listen$/.test(origin))
          note({ listens: { path: source.path, start: node.start, end: node.end } });
      },
    };
  },
  project(_project, tell, notes) {
    if (notes.some(({ note }) => note === 'set')) return;
    for (const { note } of notes)
      if (note !== 'set')
        tell(note.listens, {
          message:
            'Behind a load balancer that keeps idle connections for longer than 5 seconds, requests end with 502 now and then.',
          fix: 'Set keepAliveTimeout above the idle time of the balancer (65 seconds for most).',
        });
  },
});
