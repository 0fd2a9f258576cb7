import { memoryStore } from './core/memory-store.js';

/** Forgets on restart, and other instances do not see it: choose redis or postgres before there are two. */
export const store = memoryStore();
