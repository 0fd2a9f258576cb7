import { expect } from 'vitest';
import { nest } from '../../src/frameworks/nest.ts';
import type { Host, Intent, Op } from '../../src/model.ts';
import { addAll, drop } from '../../src/patch/index.ts';
import { hostOf } from './hosts.ts';

/** A project's texts by path. */
export type Files = Readonly<Record<string, string>>;

/** What the webhook skill wants wired. */
const intent: Intent = {
  slot: 'raw',
  name: 'webhooks',
  file: 'src/webhooks/webhooks.module.ts',
  mount: '/webhooks',
};
/** A Nest 11 host on Express, in TypeScript that imports without extensions. */
export const nestHost = (files: Files, entry: string | null = 'src/main.ts'): Host =>
  hostOf('nest', files, entry, { importExtension: '', frameworkMajor: 11, nestPlatform: 'express' });

/** A root module with these metadata. */
export const moduleFile = (imports: string): string =>
  `import { Module } from '@nestjs/common';\n\n@Module({${imports}})\nexport class AppModule {}\n`;
/** An entry that creates the app by this expression, with more lines below its imports. */
export const main = (create: string, ...more: string[]): string =>
  [
    "import { NestFactory } from '@nestjs/core';",
    "import { AppModule } from './app.module';",
    ...more,
    '',
    'async function bootstrap() {',
    `  const app = await ${create};`,
    '  await app.listen(3000);',
    '}',
    'bootstrap();',
    '',
  ].join('\n');

/** What wiring does to the files it touches; the ops must leave without a trace. */
export function wired(host: Host, slot: Intent['slot'] = 'raw') {
  const site = nest.locate(host);
  const { ops, step } = nest.wire({ ...intent, slot }, site, host);
  const files: Record<string, string> = {};
  for (const file of new Set(ops.map((op) => op.file))) {
    const before = host.tree.read(file) ?? '';
    const patched = addAll(
      before,
      ops.filter((op) => op.file === file),
      file,
    );
    if ('refused' in patched) throw new Error(patched.refused);
    files[file] = patched.text;
    const back = [...patched.ops]
      .reverse()
      .reduce((text, { op, standing }) => (standing === 'done' ? drop(text, op) : text), patched.text);
    expect(back).toBe(before);
  }
  return { site, ops, step, files };
}

/** Ops in short: 'import src/app.module.ts'. */
export const kinds = (ops: readonly Op[]): string[] => ops.map(({ op, file }) => `${op} ${file}`);
