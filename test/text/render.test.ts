import Handlebars from 'handlebars';
import { describe, expect, test } from 'vitest';
import { renderPath, renderTemplate, templateVariables } from '../../src/text/render.ts';

const context = {
  name: 'webhooks',
  store: 'redis',
  strict: true,
  port: 3000,
  none: null,
  nothing: [],
  empty: {},
  tags: ['a', 'b'],
  providers: [
    { id: 'stripe', events: ['a', 'b'] },
    { id: 'github', events: [] },
  ],
  host: { framework: 'express', database: null, flags: { cors: false } },
};
const render = (template: string): string => renderTemplate(template, context, 'index.ts.hbs');

test.each([
  ['a plain variable', 'x {{name}} {{port}} {{strict}}', 'x webhooks 3000 true'],
  ['text that HTML would escape', '{{host.framework}} <a & "b">', 'express <a & "b">'],
  ['triple braces', '{{{name}}}', 'webhooks'],
  ['an escaped mustache', '\\{{name}}', '{{name}}'],
  ['a comparison', "{{#if (eq store 'redis')}}R{{else if (eq store 'memory')}}M{{else}}P{{/if}}", 'R'],
  ['what a list has', "{{#if (includes tags 'c' 'b')}}b{{/if}}{{#if (includes tags 'c')}}c{{else}}-{{/if}}", 'b-'],
  ['an unless', '{{#unless strict}}a{{else}}b{{/unless}}{{#unless nothing}}c{{/unless}}', 'bc'],
  ['a list', '{{#each providers}}{{id}}{{#unless @last}}, {{/unless}}{{/each}}', 'stripe, github'],
  [
    'named items',
    '{{#each providers as |p i|}}{{i}}{{p.id}}{{#each p.events as |e|}}{{e}}{{p.id}}{{/each}} {{/each}}',
    '0stripeastripebstripe 1github ',
  ],
  [
    'this and the outer context',
    '{{#each providers}}{{this.id}}@{{../name}}{{@index}}{{@first}} {{/each}}',
    'stripe@webhooks0true github@webhooks1false ',
  ],
  ['an object', '{{#each host.flags}}{{@key}}={{this}}{{/each}}', 'cors=false'],
  ['an empty list', '{{#each nothing as |n|}}{{n.id}}{{@index}}{{else}}none{{/each}}', 'none'],
  ['an empty object', '{{#each empty}}{{this}}{{else}}none{{/each}}', 'none'],
  ['a with', '{{#with host as |h|}}{{framework}}{{h.framework}}{{../name}}{{/with}}', 'expressexpresswebhooks'],
  ['a guard', '{{#if host.database}}{{host.database.url}}{{else}}none{{/if}}', 'none'],
  ['a with of nothing', '{{#with host.database}}{{url}}{{else}}none{{/with}}', 'none'],
  ['block lines', 'a\n{{#if strict}}\nb\n{{else}}\nc\n{{/if}}\nd\n', 'a\nb\nd\n'],
  ['a list of lines', 'a\n  {{#each providers}}\n  {{id}}\n  {{/each}}\nd\n', 'a\n  stripe\n  github\nd\n'],
  ['a comment line', 'a\n{{! why }}\n{{!-- {{x}} --}}\nb\n', 'a\nb\n'],
])('renders %s, as Handlebars does', (_, template, expected) => {
  expect(render(template)).toBe(expected);
  const reference = Handlebars.create();
  reference.registerHelper('eq', (one: unknown, two: unknown) => one === two);
  reference.registerHelper('includes', (list: unknown[], ...values: unknown[]) =>
    values.some((one) => list.includes(one)),
  );
  expect(reference.compile(template, { noEscape: true })(context)).toBe(expected);
});

test('writes LF where the template has CRLF', () => {
  expect(render('a\r\n{{#if strict}}\r\nb\r\n{{/if}}\r\n{{name}}\r\n')).toBe('a\nb\nwebhooks\n');
});

test.each([
  ['{{typo}}', 'typo'],
  ['{{#if typo}}x{{/if}}', 'typo'],
  ['{{#unless typo}}x{{/unless}}', 'typo'],
  ['{{#each typo}}x{{/each}}', 'typo'],
  ['{{#with typo}}x{{/with}}', 'typo'],
  ["{{#if (eq typo 'x')}}a{{/if}}", 'typo'],
  ["{{#if (eq 'x' typo)}}a{{/if}}", 'typo'],
  ['{{#if strict}}x{{else}}{{typo}}{{/if}}', 'typo'],
  ['{{#unless strict}}{{typo}}{{/unless}}', 'typo'],
  ['{{#if nothing}}{{#if typo}}{{/if}}{{/if}}', 'typo'],
  ['{{#each nothing}}{{../typo}}{{/each}}', '../typo'],
  ['{{host.typo}}', 'host.typo'],
  ['{{host.flags.typo}}', 'host.flags.typo'],
  ['{{#each providers}}{{typo}}{{/each}}', 'typo'],
  ['{{#each providers}}{{name}}{{/each}}', 'name'],
  ['{{#each providers as |p|}}{{p.typo}}{{/each}}', 'p.typo'],
  ['{{#each providers}}{{@typo}}{{/each}}', '@typo'],
  ['{{@index}}', '@index'],
  ['{{@root}}', '@root'],
  ['{{#each providers as |p|}}{{/each}}{{p.id}}', 'p.id'],
  ['{{../name}}', '../name'],
  ['{{name.length}}', 'name.length'],
  ['{{providers}}', 'providers'],
  ['{{none}}', 'none'],
  ['{{host}}', 'host'],
  ['{{#each name}}{{/each}}', 'name'],
])('refuses %s and names the template and the variable', (template, variable) => {
  expect(() => render(template)).toThrow(`index.ts.hbs: `);
  expect(() => render(template)).toThrow(`"${variable}"`);
});

describe('a hostile template', () => {
  test.each([
    '{{constructor}}',
    '{{this.constructor}}',
    '{{constructor.constructor}}',
    '{{__proto__}}',
    '{{name.constructor}}',
    '{{host.__proto__.polluted}}',
    '{{#with host}}{{constructor.name}}{{/with}}',
    '{{#with "s" as |s|}}{{#with (s.sub.apply 1)}}{{/with}}{{/with}}',
    '{{#each host.constructor}}{{/each}}',
    '{{#if toString}}x{{/if}}',
    '{{providers.constructor}}',
    '{{providers.map}}',
    '{{process.env.HOME}}',
    '{{require "fs"}}',
    '{{lookup host "constructor"}}',
    '{{#if (lookup host "constructor")}}x{{/if}}',
    '{{log name}}',
    '{{eq}}',
    '{{eq name}}',
    '{{eq name name name}}',
    '{{includes tags}}',
    '{{includes name name}}',
    '{{includes tags name x=1}}',
    '{{eq name name x=1}}',
    '{{#eq name name}}x{{/eq}}',
    '{{#name}}x{{/name}}',
    '{{^name}}x{{/name}}',
    '{{#helperMissing}}x{{/helperMissing}}',
    '{{helperMissing name}}',
    '{{blockHelperMissing}}',
    '{{> partial}}',
    '{{> (eq name name)}}',
    '{{#> layout}}x{{/layout}}',
    '{{#*inline "x"}}y{{/inline}}',
    '{{* decorator}}',
    '{{{{raw}}}}{{name}}{{{{/raw}}}}',
    '{{#if name includeZero=true}}x{{/if}}',
    '{{#if name name}}x{{/if}}',
    '{{#if}}x{{/if}}',
    '{{#if name}}x',
    '{{name',
  ])('%s is refused', (template) => {
    expect(() => render(template)).toThrow(/^index\.ts\.hbs: /);
  });

  test('reaches no member that an object only inherits, a getter of a class instance included', () => {
    class Secret {
      get key(): string {
        return 'secret';
      }
    }
    expect(() => renderTemplate('{{secret.key}}', { secret: new Secret() }, 't')).toThrow('"secret.key"');
    expect(() => renderTemplate('{{call}}', { call: () => 'ran' }, 't')).toThrow('"call"');
  });
});

describe('templateVariables', () => {
  test.each([
    ['nothing', []],
    ['{{b}} {{a.x}} {{b}}', ['a', 'b']],
    ["{{#if (eq a 'x')}}{{b}}{{else if c}}{{d}}{{else}}{{e}}{{/if}}", ['a', 'b', 'c', 'd', 'e']],
    ['{{#each list}}{{id}}{{../outer}}{{@index}}{{this}}{{/each}}', ['list', 'outer']],
    [
      '{{#each list as |item|}}{{item.id}}{{#each item.x as |y|}}{{y}}{{../../deep}}{{/each}}{{/each}}',
      ['deep', 'list'],
    ],
    ['{{#with a}}{{b}}{{/with}}{{#unless c}}{{/unless}}', ['a', 'c']],
  ])('finds the names that %j asks for', (template, names) => {
    expect(templateVariables(template)).toEqual(names);
  });

  test.each(['{{> partial}}', '{{lookup a b}}', '{{#if a}}'])('refuses %s', (template) => {
    expect(() => templateVariables(template)).toThrow('the template: ');
  });
});

describe('renderPath', () => {
  test.each([
    ['core/{{framework}}/router.ts', 'core/express/router.ts'],
    ['{{ dir }}/{{each}}.ts', 'src/webhooks/stripe.ts'],
    ['{{empty}}/index.ts', 'index.ts'],
    ['a/{{empty}}/index.ts', 'a/index.ts'],
    ['a.ts', 'a.ts'],
    ['v{{version}}.ts', 'v2.ts'],
  ])('fills %s', (path, expected) => {
    const values = { framework: 'express', dir: 'src/webhooks', each: 'stripe', empty: '', version: 2 };
    expect(renderPath(path, values)).toBe(expected);
  });

  test.each([
    ['{{typo}}/a.ts', {}, 'typo'],
    ['{{constructor}}/a.ts', {}, 'constructor'],
    ['{{a.b}}/a.ts', { a: { b: 'x' } }, 'a.b'],
    ['{{a}}/a.ts', { a: '../x' }, 'leads away'],
    ['{{a}}/a.ts', { a: 'x/..' }, 'leads away'],
    ['{{a}}/a.ts', { a: '/etc' }, 'leads away'],
    ['{{a}}/a.ts', { a: '\\\\server' }, 'leads away'],
    ['{{a}}/a.ts', { a: 'x\0y' }, 'leads away'],
    ['{{a}}/a.ts', { a: true }, 'unknown variable'],
    ['{{a/a.ts', { a: 'x' }, 'not closed'],
    ['{{#if a}}x{{/if}}', { a: 'x' }, '#if a'],
  ])('refuses %s with %o', (path, values, message) => {
    expect(() => renderPath(path, values)).toThrow(message);
  });
});
