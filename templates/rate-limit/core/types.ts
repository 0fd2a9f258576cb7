/**
 * Reads a request header by its lower-case name; undefined where it is absent.
 * A header sent twice may come joined by ', ' (as Node and fetch do) or as undefined, never as one of the two.
 */
export type HeaderReader = (name: string) => string | undefined;

/** What the limiter knows of a request. */
export interface RequestFacts {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly header: HeaderReader;
  /** The other end of the connection, or what the platform says in its place; undefined where nothing is known. */
  readonly address: string | undefined;
  /** Who is signed in: undefined for guests, and where authentication comes later. */
  readonly userId?: string | undefined;
}

/** How fast: at most `limit` units in any `windowMs`, give or take what its kind allows. */
export interface RatePolicy {
  /** `bucket` lets `burst` through at once and then an even flow; `window` holds to `limit` in the last `windowMs`. */
  readonly kind: 'bucket' | 'window';
  /** What clients see in the headers. */
  readonly name: string;
  /** What its counters are kept under. The limit is no part of it: who gets a higher one keeps what was used. */
  readonly id: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

/** How much: at most `limit` units in each period of the calendar. */
export interface QuotaPolicy {
  readonly kind: 'quota';
  readonly name: string;
  readonly id: string;
  readonly limit: number;
  readonly periodAt: (nowMs: number) => Period;
}

export type Policy = RatePolicy | QuotaPolicy;

/** From `startMs` on, up to but without `endMs`. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/** How one policy stands after a request. All times are whole milliseconds from now. */
export interface PolicyResult {
  readonly policy: Policy;
  /** False where this policy did not admit the request. */
  readonly allowed: boolean;
  readonly limit: number;
  /** How many units could be used right now; null where the store does not tell. */
  readonly remaining: number | null;
  /** Until a request of this cost would be admitted: 0 for right now, Infinity for never, as it costs more than the limit. */
  readonly retryAfterMs: number;
  /** Until all is as if nothing had been used. */
  readonly resetMs: number;
}

/** What to answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly error?: unknown;
}

export type Log = (entry: LogEntry) => void;
