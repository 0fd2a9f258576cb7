import { routesOf } from '../../routes/routes.ts';
import { defineRule } from '../../rule.ts';

const guarded = /auth|guard|protect|admin|basic|token|internal|secret|ip|allow|verify|session|jwt/i;

export const publicMetrics = defineRule({
  id: 'obs/public-metrics',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Anybody may read the metrics.',
  why: 'Metrics tell the names of routes, how much they are used, versions, memory and errors: a map for whoever looks for a weak place. Serve them on a port of their own that is not published, or ask for a token.',
  remedy: { skill: 'health' },
  owasp: 'API9',
  securitySeverity: 4.3,
  mentions: /metrics|prometheus/,
  applies: (project) =>
    [
      'prom-client',
      'express-prom-bundle',
      'fastify-metrics',
      '@willsoto/nestjs-prometheus',
      'prometheus-api-metrics',
      '@hono/prometheus',
    ].some((name) => project.has(name)),
  file: (source, tell) => ({
    Program() {
      for (const { path, before, method, handler, node } of routesOf(source)) {
        if (method !== 'GET' && method !== 'ALL') continue;
        if (path === null || !/(^|\/)(metrics|prometheus)\/?$/.test(path)) continue;
        if (before.some((one) => guarded.test(source.textOf(one)))) continue;
        const body = handler ? source.textOf(handler) : '';
        if (
          !/\bregist(er|ry)\.|\.metrics\(|prom-?(client|bundle)/i.test(source.text) ||
          /authorization|token|req\.(ip|user|auth)|401|403/i.test(body)
        )
          continue;
        // A server of its own for metrics is the cure.
        if (/metrics/i.test(source.path) && /\.listen\(/.test(source.text) && routesOf(source).length <= 2) continue;
        if (/\.use\([^)]*(auth|guard|protect)/i.test(source.text.slice(0, node.start))) continue;
        tell(node, {
          message: `${path} answers anybody with the program's metrics.`,
          fix: 'Serve it on a port that is not published, or ask for a token.',
        });
      }
    },
  }),
});
