import { Cancelled } from '../errors.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A wish of the user's to stop. */
export interface Stop {
  signal: AbortSignal;
  /** Throws Cancelled where the wish has come in. */
  refuse(): Promise<void>;
  /** Stops listening. */
  end(): void;
}

/** Listens for Ctrl-C and its like, so that a run is taken back instead of cut off. */
export function listenForStop(): Stop {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort();
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    async refuse() {
      // Signals are only told between two turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      if (controller.signal.aborted) throw new Cancelled('Stopped.');
    },
    end() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
