import type { Rule } from '../rule.ts';
import { gracefulShutdown } from './ops/graceful-shutdown.ts';
import { sqlInjection } from './sec/sql-injection.ts';

/** Every rule, by area and name. */
export const rules: readonly Rule[] = [gracefulShutdown, sqlInjection];
