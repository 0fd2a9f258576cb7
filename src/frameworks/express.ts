import type { Framework } from '../model.ts';
import { aboveIn } from './shared/above.ts';
import { locateApp, type Manner } from './shared/locate.ts';
import { kindOf, type Rule } from './shared/rules.ts';
import { wireAt } from './shared/wiring.ts';

const everything = /^(?:\/?\*\w*|\/?\(\.\*\)|\/\{?\*\w+\}?|\/\(\.\*\)|\/\^?(?:\\\/)?\(?\.\*\)?\$?\/[a-z]*)$/;
const verbs = ['use', 'all', 'get', 'post'];

const rules: readonly Rule[] = [
  { kind: 'harmless', methods: ['set', 'disable', 'enable', 'engine', 'on', 'once'] },
  {
    kind: 'harmless',
    methods: ['use'],
    modules: [
      'helmet',
      'morgan',
      'pino-http',
      'express-pino-logger',
      'express-winston',
      'response-time',
      'express-request-id',
    ],
  },
  { kind: 'parser', methods: ['use'], modules: ['express'], named: /\.?(?:json|urlencoded|raw|text)$/ },
  { kind: 'parser', methods: ['use'], modules: ['body-parser', 'express-fileupload', 'multer', 'raw-body'] },
  { kind: 'last', methods: verbs, path: everything },
  { kind: 'last', methods: ['get', 'all', 'use'], path: /^\/:\w+\??$/ },
  { kind: 'last', methods: ['use'], named: /not.?found|404|error|catch.?all|boom/i },
  { kind: 'last', methods: ['use'], says: /\b404\b|not.?found/i },
  { kind: 'last', methods: ['use'], parameters: [0, 1, 2, 4] },
  { kind: 'end', methods: ['listen'] },
];

const manner: Manner = {
  framework: 'express',
  title: 'Express',
  makers: [{ modules: ['express'], names: ['default', '=', '*', 'express'], by: ['call', 'new'] }],
  rootLinks: [],
  rules,
  builders: [
    'routing-controllers',
    'inversify-express-utils',
    '@feathersjs/express',
    '@tsed/platform-express',
    '@trpc/server/adapters/standalone',
    '@apollo/server/standalone',
    'express-zod-api',
    'ts-express-decorators',
    'json-server',
    'parse-server',
    '@foal/core',
    '@loopback/rest',
    'probot',
  ],
  chainIsSafe: (reach, { creation }, slot) =>
    creation.links.every(({ method, call }) => {
      if (call.type !== 'CallExpression' || (slot === 'first' && method === 'use')) return false;
      const one = { method, spot: { source: creation.root.source, node: call }, arguments: call.arguments };
      return kindOf(reach, one, rules) === 'harmless';
    }),
};

/** Express 4 and 5. */
export const express: Framework = {
  id: 'express',
  locate(host) {
    const located = locateApp(host, manner);
    return 'unplaced' in located ? located : located.site;
  },
  above: (op, host) => aboveIn(op, host, manner),
  wire: (intent, site, host) =>
    wireAt(intent, site, host, (app, name) => {
      const link = intent.mount === null ? `.use(${name})` : `.use('${intent.mount}', ${name})`;
      return { link, statement: `${app}${link};` };
    }),
};
