import { evaluation } from '../../../../src/doctor/rules/sec/eval.ts';
import { ruleTest } from '../../rule.ts';

const handler = (head: string, body: string) => ({
  files: { 'src/handler.js': `${head}\nexport function handle(req, res) {\n  ${body}\n}\n` },
});

ruleTest(evaluation, {
  hits: {
    'unknown texts in the arms of one function, and of another': {
      files: {
        'src/rules.js': `export function meets(rule, values) {\n  if (rule.any) return eval(rule.text).some((one) => values.includes(one));\n  return eval(rule.text).every((one) => values.includes(one));\n}\nexport function first(rule) {\n  return eval(rule.text)[0];\n}\n`,
      },
      at: ['src/rules.js:2 warning', 'src/rules.js:6 warning'],
    },
    'unserialised bytes of the client, and an unknown text in a handler': {
      ...handler(
        `const serialize = require('node-serialize');\nconst store = require('./store.js');`,
        `const state = new Buffer(req.cookies.state, 'base64').toString();\n  serialize.unserialize(state);\n  serialize.unserialize(store.last());`,
      ),
      at: ['src/handler.js:5', 'src/handler.js:6'],
    },
    'a template of the client, whose type alone is asked for': {
      ...handler(
        `import * as dot from 'dot';`,
        `if (typeof req.body === 'string' || Buffer.isBuffer(req.body)) res.send(dot.compile(req.body.toString().trim())());`,
      ),
      at: ['src/handler.js:3'],
    },
    'the text of what is no function': {
      files: { 'src/copies.ts': "export const run = (stored: Buffer) => eval('(' + stored.toString() + ')');\n" },
      at: ['src/copies.ts:1 warning'],
    },
    'eval of a field': { ...handler('', 'const total = eval(req.body.total);'), at: ['src/handler.js:3'] },
    'a program of the client in vm': {
      ...handler(`import vm from 'node:vm';`, 'const { code } = req.body; vm.runInNewContext(code, {});'),
      at: ['src/handler.js:3'],
    },
    'new Function': {
      ...handler('', `new Function('x', 'return ' + req.query.formula)(1);`),
      at: ['src/handler.js:3'],
    },
    'a template that the client writes': {
      ...handler(`import ejs from 'ejs';`, `res.send(ejs.render(req.body.template, {}));`),
      at: ['src/handler.js:3'],
    },
    'a module that the client chooses': {
      ...handler('', 'const plugin = require(`./plugins/${req.params.name}`);'),
      at: ['src/handler.js:3'],
    },
    'unserialised functions': {
      ...handler(`const serialize = require('node-serialize');`, 'serialize.unserialize(req.cookies.profile);'),
      at: ['src/handler.js:3'],
    },
  },
  clean: {
    'a function whose own text makes a second one': {
      files: {
        'src/copies.ts':
          "export const copyOf = (fn: Function): Function => eval('(' + fn.toString() + ')');\nexport const again = (callback: () => void) => eval(`(${callback.toString()})`);\n",
      },
    },
    'an unknown text that is unserialised while the program starts': {
      files: {
        'src/start.js': `const serialize = require('node-serialize');\nconst { readFileSync } = require('node:fs');\nserialize.unserialize(readFileSync('state.txt', 'utf8'));\n`,
      },
    },
    'JSON, and numbers': handler('', 'const a = JSON.parse(req.body.a); const b = Number(req.body.b);'),
    'a template with the client’s values as data': handler(
      `import ejs from 'ejs';`,
      `ejs.renderFile('page.ejs', { name: req.body.name }); ejs.render('<p><%= name %></p>', req.body);`,
    ),
    'timers with functions': handler(
      '',
      'setTimeout(() => res.end(req.body.text), 10); setTimeout(next, req.body.wait);',
    ),
    'a function from a table': handler(
      `const plugins = { one: () => 1 };`,
      'if (!Object.hasOwn(plugins, req.params.name)) return; plugins[req.params.name]();',
    ),
  },
});
