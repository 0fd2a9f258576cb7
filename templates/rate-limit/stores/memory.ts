import { memoryStore } from './core/memory-store.js';

/** Counts in this process alone, and forgets on restart: choose redis before there are two instances. */
export const store = memoryStore();
