import type { FrameworkId, Tree } from '../model.ts';
import { calleeText, lineOf, requiredBy, unwrap, walk } from '../text/syntax.ts';
import { importsOf } from './imports.ts';
import { perFile } from './remember.ts';
import { programOf } from './scene.ts';

/** A place where a file makes a framework's app. */
export interface Creation {
  framework: FrameworkId;
  file: string;
  line: number;
  /** Nest: the adapter that it is given. */
  fastifyAdapter: boolean;
}

/** Packages whose export, called or constructed, makes an app: the export's name ('*' and 'default' for the module itself). */
const makers: readonly { framework: FrameworkId; packages: RegExp; made: readonly string[] }[] = [
  { framework: 'express', packages: /^(ultimate-)?express$/, made: ['*', 'default', 'application'] },
  { framework: 'fastify', packages: /^fastify$/, made: ['*', 'default', 'fastify', 'Fastify'] },
  { framework: 'hono', packages: /^hono(\/(quick|tiny))?$|^@hono\/zod-openapi$/, made: ['Hono', 'OpenAPIHono'] },
  { framework: 'nest', packages: /^@nestjs\/core$/, made: ['NestFactory'] },
];

/** Whoever makes an app names its package. */
const named = /express|fastify|hono|@nestjs\/core/;

/** The apps that a file creates, in source order. */
export const creationsIn = perFile((tree: Tree, file: string): readonly Creation[] => {
  const source = named.test(tree.read(file) ?? '') ? programOf(tree, file) : null;
  if (!source) return [];
  const makersHere = new Map<string, FrameworkId>();
  for (const { specifier, names, typeOnly } of importsOf(source.program)) {
    const maker = typeOnly ? undefined : makers.find(({ packages }) => packages.test(specifier));
    for (const { imported, local } of maker ? names : [])
      if (maker?.made.includes(imported)) makersHere.set(local, maker.framework);
  }
  const found: Creation[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
    const required = requiredBy(unwrap(node.callee));
    const name = calleeText(node);
    const framework =
      (required === null
        ? undefined
        : makers.find(({ packages, made }) => packages.test(required) && made.includes('*'))?.framework) ??
      (name === null ? undefined : made(name, makersHere));
    if (!framework) return;
    const adapter = node.arguments.some(
      (argument) => argument.type === 'NewExpression' && calleeText(argument) === 'FastifyAdapter',
    );
    found.push({ framework, file, line: lineOf(source.text, node.start), fastifyAdapter: adapter });
  });
  return found;
});

function made(callee: string, makersHere: ReadonlyMap<string, FrameworkId>): FrameworkId | undefined {
  const [root = '', member, ...more] = callee.split('.');
  const framework = makersHere.get(root);
  if (framework === 'nest') return member === 'create' ? framework : undefined;
  if (member === undefined) return framework;
  return more.length === 0 && ['default', 'fastify', 'Fastify'].includes(member) ? framework : undefined;
}
