import { describeChoices, describeLimits, describeRedis } from './rate-limit-hosts.ts';

describeChoices(['express5-ts-esm', 'fastify5-ts-esm', 'hono-node-ts']);
describeLimits([
  'express4-js-cjs',
  'express5-ts-esm',
  'fastify4-js-cjs',
  'fastify5-ts-esm',
  'hono-js-esm',
  'hono-node-ts',
]);
describeRedis([
  { name: 'express5-ts-esm', client: 'ioredis' },
  { name: 'fastify5-ts-esm', client: 'redis' },
]);
