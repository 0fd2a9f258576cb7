/** Small TypeScript programs in the style of templates; each `main` exports `run()`, whose result is compared. */
export const programs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  router: {
    events: `import { createHash, timingSafeEqual } from 'node:crypto';
import type { Buffer } from 'node:buffer';

/** What a provider sends. */
export interface WebhookEvent<T = unknown> {
  readonly id: string;
  type: string;
  data: T;
}

export type Handler<T> = (event: WebhookEvent<T>) => Promise<void> | void;

// How long a lease lasts.
export const lease = 5 * 60_000 as const;

/** Hashes a body. */
export function digest(body: string): string;
export function digest(body: Uint8Array): string;
export function digest(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

export const same = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array];
  return left.length === right.length && timingSafeEqual(left, right);
};

export class Router<Events extends Record<string, unknown>> {
  readonly #handlers = new Map<string, Handler<never>[]>();
  private count: number = 0;

  on<K extends keyof Events & string>(type: K, handler: Handler<Events[K]>): this {
    const list = this.#handlers.get(type) ?? [];
    this.#handlers.set(type, [...list, handler as Handler<never>]);
    return this;
  }

  async emit(event: WebhookEvent): Promise<number> {
    for (const handler of this.#handlers.get(event.type) ?? []) {
      await handler(event as WebhookEvent<never>);
      this.count++;
    }
    return this.count;
  }
}
`,
    main: `import { digest, lease, Router, same, type WebhookEvent } from './events.js';
import * as events from './events.js';

interface Events extends Record<string, unknown> {
  paid: { amount: number };
}

export async function run(): Promise<unknown> {
  const seen: (readonly [string, number])[] = [];
  const router = new Router<Events>().on('paid', (event: WebhookEvent<{ amount: number }>) => {
    seen.push([event.id, event.data!.amount]);
  });
  const count = await router.emit({ id: 'e1', type: 'paid', data: { amount: 5 } });
  return { seen, count, lease, digest: digest('x'), same: [same('a', 'a'), same('a', 'b')], names: Object.keys(events).filter((name) => name !== 'default' && name !== 'module.exports').sort() };
}
`,
  },
  classes: {
    main: `abstract class Shape<T extends number = number> {
  protected abstract readonly kind: string;
  static made = 0;
  label?: string;
  declare phantom: never;

  constructor(protected readonly size: T, public name: string = 'none') {
    Shape.made += 1;
  }

  abstract area(): number;

  describe(this: Shape<T>): string {
    return \`\${this.kind as string} \${this.name!} \${this.area()} \${String(this.label)}\`;
  }
}

class Square extends Shape {
  protected override readonly kind = 'square' as const;
  private cache: number | undefined;

  constructor(size: number) {
    const doubled: number = size * 2;
    super(doubled, 'sq');
    this.label = 'l';
  }

  override area(): number {
    return (this.cache ??= this.size ** 2);
  }

  get twice(): number { return this.area() * 2; }
  set twice(value: number) { this.cache = value / 2; }

  static create<T extends Square>(this: new (size: number) => T, size: number): T {
    return new this(size);
  }
}

export function run(): unknown {
  const square = Square.create(2);
  const before = square.describe();
  square.twice = 10;
  return { before, after: square.twice, made: Shape.made, label: 'label' in square, phantom: 'phantom' in square };
}
`,
  },
  generators: {
    main: `type Page<T> = { items: T[]; next?: number };

const load = async <T,>(make: (index: number) => T, at: number): Promise<Page<T>> =>
  at < 3 ? { items: [make(at), make(at + 10)], next: at + 1 } : { items: [] };

async function* pages<T>(make: (index: number) => T): AsyncGenerator<T, void, undefined> {
  let at: number | undefined = 0;
  while (at !== undefined) {
    const page: Page<T> = await load<T>(make, at);
    yield* page.items;
    at = page.next;
  }
}

function* count(to: number): Iterable<number> { for (let i = 0; i < to; i++) yield i; }

export const run = async (): Promise<unknown> => {
  const found: string[] = [];
  for await (const item of pages((index) => \`#\${index}\`)) found.push(item);
  const pattern = /(?<key>\\w+)=(?<value>[^;]+)!?/g;
  const pairs = [...'a=1;b=2!'.matchAll(pattern)].map(({ groups }) => groups as { key: string; value: string });
  const label = (found.length > 2 ? 'many' : 'few') as 'many' | 'few';
  const table = { a: (x: number) => x + 1, b: (x) => x * 2 } satisfies Record<string, (x: number) => number>;
  return { found, pairs: pairs.map((p) => ({ ...p })), label, sum: [...count(4)].reduce<number>((a, b) => a + b, 0), table: table.a(1) + table.b(2), text: \`as \${'x' as string} \${\`\${1 as number}!\`}\` };
};
`,
  },
  exports: {
    store: `export default function createStore(limit?: number): Map<string, number> {
  return new Map([['limit', limit ?? 1]]);
}

export const version: string = 'v1';
`,
    index: `import createStore, { version as storeVersion } from './store.js';

export { version } from './store.js';
export { default as make } from './store.js';
export type { Missing } from './missing.js';
export const { a, b: [c] } = { a: 1, b: [2] as const };
const hidden: number = 3;
export { hidden as shown, createStore, storeVersion };
`,
    main: `import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { a, c, createStore, make, shown, storeVersion, version } from './index.js';
import type { Never } from './missing.js';

export async function run(): Promise<unknown> {
  const { version: later }: { version: string } = await import('./store.js');
  return { a, c, shown, version, storeVersion, later, same: createStore === make, size: make(4).get('limit')!, file: basename(fileURLToPath(import.meta.url)), url: basename(import.meta.url) };
}
`,
  },
  errors: {
    main: `/** A refusal, with its status. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    message: string,
    readonly status: 400 | 401 = 400,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const isRefused = (error: unknown): error is Refused => error instanceof Refused;
function assertText(value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new Refused('no text', 401, { cause: value });
}

export function run(): unknown {
  try {
    assertText(5 /* not a text */ as unknown);
    return null;
  } catch (error: unknown) {
    if (!isRefused(error)) throw error;
    const { name, status, message } = error;
    return { name, status, message, cause: (error.cause as number).toFixed(1), optional: (undefined as { a?: string } | undefined)?.a ?? 'none' };
  }
}
`,
  },
};
