import { expect, test } from 'vitest';
import { everyNode } from '../../../src/doctor/code/source.ts';
import { isForAdminsOnly } from '../../../src/doctor/routes/insiders.ts';
import type { Texts } from '../rule.ts';
import { sourceOf } from '../source.ts';

/** Whether administrators alone reach the first `here()` of the file. */
function isIt(texts: Texts, path: string): boolean | null {
  const source = sourceOf(texts, path);
  let found: boolean | null = null;
  everyNode(source.program, (node) => {
    if (found === null && node.type === 'CallExpression' && source.textOf(node.callee) === 'here')
      found = isForAdminsOnly(source, node);
  });
  return found;
}

const nest = (guards: string, more = ''): string =>
  `import { Body, Controller, Post, UseGuards, UseInterceptors } from '@nestjs/common';\nimport { LogoService } from './logo.service';\n@Controller('logos')\nexport class LogoController {\n  constructor(private logoService: LogoService) {}\n  @Post()\n  @UseInterceptors(here('file'))\n  @UseGuards(${guards})\n  put(@Body() body: object) {\n    return this.logoService.put(body);\n  }\n${more}}\n`;
const service =
  'export class LogoService {\n  put(body: object) {\n    return this.write(body);\n  }\n  write(body: object) {\n    here(body);\n  }\n}\n';
const express = (guards: string): string =>
  `import express from 'express';\nconst app = express();\napp.post('/', ${guards}(req, res) => {\n  here();\n  res.end();\n});\n`;

test.each<[string, boolean, Texts, string]>([
  [
    'a decorator beside the guard',
    true,
    { 'src/logo.controller.ts': nest('SignedInGuard, AdminGuard'), 'src/logo.service.ts': service },
    'src/logo.controller.ts',
  ],
  [
    'a service behind the guard',
    true,
    { 'src/logo.controller.ts': nest('SignedInGuard, AdminGuard'), 'src/logo.service.ts': service },
    'src/logo.service.ts',
  ],
  ['a handler behind a middleware', true, { 'src/a.ts': express('requireAdmin, ') }, 'src/a.ts'],
  [
    'a service behind another guard',
    false,
    { 'src/logo.controller.ts': nest('SignedInGuard'), 'src/logo.service.ts': service },
    'src/logo.service.ts',
  ],
  [
    'a service that others reach too',
    false,
    {
      'src/logo.controller.ts': nest(
        'AdminGuard',
        '  @Post(":id")\n  copy(@Body() body: object) {\n    return this.logoService.put(body);\n  }\n',
      ),
      'src/logo.service.ts': service,
    },
    'src/logo.service.ts',
  ],
  ['a handler for two roles', false, { 'src/a.ts': express("authorize('seller', 'admin'), ") }, 'src/a.ts'],
  ['a handler for all', false, { 'src/a.ts': express('') }, 'src/a.ts'],
  ['what nothing calls', false, { 'src/a.ts': 'export const f = () => here();' }, 'src/a.ts'],
])('%s: %s', (_name, expected, texts, path) => {
  expect(
    isIt(
      { 'package.json': JSON.stringify({ dependencies: { express: '4', '@nestjs/common': '10' } }), ...texts },
      path,
    ),
  ).toBe(expected);
});
