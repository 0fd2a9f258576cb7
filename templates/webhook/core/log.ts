export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly provider: string;
  readonly eventId?: string;
  readonly eventType?: string;
  readonly error?: unknown;
}

export type Log = (entry: LogEntry) => void;
