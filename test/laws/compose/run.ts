import { ts } from 'ts-morph';
import { dirname, joinPath } from '../../../src/text/path.ts';

/** One call on an app, as it happened: which app, the method, and what was given, in words. */
export interface Happening {
  app: number;
  method: string;
  given: readonly string[];
}

type Files = Readonly<Record<string, string>>;

const said = Symbol('said');

/** A value that can be called, built and read without end, and says where it comes from. */
function stub(name: string): unknown {
  const target = function stubbed() {};
  return new Proxy(target, {
    get: (_, key) => {
      if (key === said) return name;
      if (key === 'then' || key === Symbol.iterator || key === Symbol.asyncIterator) return undefined;
      if (key === Symbol.toPrimitive) return () => name;
      if (key === '__esModule') return true;
      if (key === 'default') return stub(name);
      return stub(`${name}.${String(key)}`);
    },
    has: () => true,
    apply: () => stub(`${name}()`),
    construct: () => stub(`new ${name}()`) as object,
  });
}

/** What a value is, in words: a stub's origin, a literal, or the text of a function. */
function words(value: unknown): string {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
    const name: unknown = Reflect.get(value, said);
    if (typeof name === 'string') return name;
  }
  if (Array.isArray(value)) return `[${value.map(words).join(', ')}]`;
  if (typeof value === 'function') return `function/${value.length} ${String(value)}`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${words(one)}`)
      .join(', ')} }`;
  return String(value);
}

export const isOurs = (given: string): boolean => given.startsWith('ours.');

const plainFields = new Set(['locals', 'log', 'server', 'fetch', 'name']);

/** An app that writes down each call on it and gives itself back. */
function recorder(app: number, log: Happening[]): unknown {
  const recorded: unknown = new Proxy(function app() {}, {
    get: (_, key) => {
      if (key === said) return `app ${app}`;
      if (typeof key === 'symbol' || key === 'then') return undefined;
      if (plainFields.has(key)) return stub(`app ${app}.${key}`);
      return (...given: unknown[]) => {
        log.push({ app, method: key, given: given.map(words) });
        if (key === 'listen') return Object.assign(Promise.resolve(), { on: () => 0, setTimeout: () => 0 });
        return key === 'ready' ? Promise.resolve(recorded) : recorded;
      };
    },
    set: () => true,
  });
  return recorded;
}

/** Names of packages, and of their exports, that make an app. */
const makers: Readonly<Record<string, RegExp>> = {
  express: /^(default|\*)$/,
  fastify: /^(default|\*|fastify|Fastify)$/,
  hono: /^Hono$/,
  '@hono/zod-openapi': /^OpenAPIHono$/,
};

/** Runs a host's entry with stubs for packages and for our own modules, and tells what was called on its apps, in order. */
export async function happenings(files: Files, entry: string, ours: RegExp): Promise<Happening[]> {
  const log: Happening[] = [];
  let apps = 0;
  const make = () => recorder(apps++, log) as object;
  const loaded = new Map<string, unknown>();

  const packaged = (name: string): unknown => {
    if (name === '@nestjs/common' || name === '@nestjs/core')
      return new Proxy({}, { get: (_, key) => nest[String(key)] ?? Reflect.get(stub(name) as object, key) });
    const maker = makers[name];
    const plain = stub(name) as object;
    if (!maker) return plain;
    return new Proxy(function packaged() {}, {
      apply: make,
      construct: make,
      get: (_, key) => {
        if (key === '__esModule') return true;
        const made = typeof key === 'string' && maker.test(key);
        if (!made) return Reflect.get(plain, key);
        if (key !== 'default') return new Proxy(function maker() {}, { apply: make, construct: make });
        return packaged(name);
      },
    });
  };

  /** Nest: what modules are made of, and what the app is created with; what is ours is told by itself. */
  const nest: Readonly<Record<string, unknown>> = {
    Module: (metadata: Record<string, unknown> = {}) => {
      for (const [key, value] of Object.entries(metadata)) {
        const all = Array.isArray(value) ? value.map(words) : [words(value)];
        for (const one of all.filter(isOurs)) log.push({ app: 0, method: `joins ${key}`, given: [one] });
        const rest = all.filter((one) => !isOurs(one));
        if (key !== 'imports' || rest.length > 0) log.push({ app: 0, method: key, given: rest });
      }
      return () => undefined;
    },
    NestFactory: {
      create: async (module: unknown, ...given: unknown[]) => {
        const options = given.at(-1);
        const isPlain = typeof options === 'object' && options !== null;
        const { rawBody, ...rest } = isPlain ? (options as Record<string, unknown>) : {};
        if (rawBody === true) log.push({ app: 0, method: 'rawBody', given: ['ours.rawBody'] });
        const others = [...(isPlain ? given.slice(0, -1) : given), ...(Object.keys(rest).length > 0 ? [rest] : [])];
        log.push({
          app: 0,
          method: 'create',
          given: [String((module as { name?: string }).name), ...others.map(words)],
        });
        return recorder(0, log);
      },
    },
  };

  const load = async (path: string): Promise<unknown> => {
    const exports: Record<string, unknown> = {};
    const module = { exports };
    loaded.set(path, module);
    const requires = Object.assign((specifier: string): unknown => required(path, specifier), { main: module });
    // What it imports has been run before it.
    const { text, imports } = transpiled(files[path] ?? '', path);
    for (const specifier of imports) {
      const file = resolved(path, specifier);
      if (file !== null && !ours.test(file) && !loaded.has(file)) await load(file);
    }
    const run = new AsyncFunction(...Object.keys(globals), 'require', 'module', 'exports', text);
    await run(...Object.values(globals), requires, module, exports);
    return module;
  };

  const resolved = (from: string, specifier: string): string | null => {
    if (!specifier.startsWith('.')) return null;
    const base = joinPath(dirname(from), specifier);
    const stem = base.replace(/\.[cm]?js$/, '');
    const tries = [base, ...['.ts', '.js', '.mts', '.mjs', '.cjs', '/index.ts', '/index.js'].map((one) => stem + one)];
    return tries.find((path) => files[path] !== undefined) ?? null;
  };

  const required = (from: string, specifier: string): unknown => {
    if (!specifier.startsWith('.')) return packaged(specifier);
    const file = resolved(from, specifier);
    if (file === null) return stub(specifier);
    if (ours.test(file)) return stub('ours');
    const module = loaded.get(file) as { exports: unknown } | undefined;
    return module?.exports ?? {};
  };

  const refused = await rejections(async () => {
    const { exports } = (await load(entry)) as { exports: unknown };
    await new Promise((done) => setImmediate(done));
    await runPlugin(exports, make);
    await new Promise((done) => setImmediate(done));
  });
  if (refused.length > 0) throw refused[0];
  return log;
}

/** What goes wrong in promises that nobody waits for. */
async function rejections(work: () => Promise<void>): Promise<unknown[]> {
  const listeners = process.listeners('unhandledRejection');
  const found: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => found.push(reason));
  try {
    await work();
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  return found;
}

/** An entry that is a plugin is given the app. */
async function runPlugin(exports: unknown, make: () => object): Promise<void> {
  const given: unknown = typeof exports === 'object' && exports !== null ? Reflect.get(exports, 'default') : exports;
  if (typeof given === 'function' && given.name === 'routes') await given(make(), {});
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...given: unknown[]) => Promise<void>;
const whole = (module: object) => ('__esModule' in module ? module : { default: module });
/** What a file finds around it. */
const globals = {
  __importDefault: whole,
  __importStar: whole,
  __decorate: (decorators: readonly ((target: unknown) => unknown)[], target: unknown) => {
    for (const decorate of decorators) if (typeof decorate === 'function') decorate(target);
    return target;
  },
  __metadata: () => undefined,
  __param: () => undefined,
  process: { env: {}, exit: () => 0 },
  console: { log: () => 0, error: () => 0 },
  find: async () => [],
};
const known = new Map<string, { text: string; imports: string[] }>();

function transpiled(source: string, path: string): { text: string; imports: string[] } {
  const key = `${path}\n${source}`;
  const before = known.get(key);
  if (before) return before;
  const plain = source.replace(/^\uFEFF/, '').replace(/^#!.*/, '');
  const { outputText } = ts.transpileModule(plain, {
    fileName: /\.[cm]?ts$/.test(path) ? 'file.ts' : 'file.js',
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      noEmitHelpers: true,
      experimentalDecorators: true,
      allowJs: true,
    },
  });
  const imports = [...outputText.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, from = '']) => from);
  // Imports are bound before anything runs, wherever they stand.
  const isImport = (line: string) => /^(?:const|var) \w+_\d+ = .*require\(.*\);\r?$/.test(line);
  const lines = outputText.split('\n');
  const text = [...lines.filter(isImport), ...lines.filter((line) => !isImport(line))].join('\n');
  const result = { text, imports };
  if (known.size > 500) known.clear();
  known.set(key, result);
  return result;
}
