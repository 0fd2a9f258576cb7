import type { Framework, FrameworkId } from '../model.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { hono } from './hono.ts';
import { nest } from './nest.ts';
import { next } from './next.ts';

/** Every framework's room, by its id; a missing one is a type error. */
export const frameworks = { express, fastify, hono, nest, next } satisfies Record<FrameworkId, Framework>;
