import { importsOf } from '../../../detect/modules.ts';
import { originOf } from '../../code/origin.ts';
import { defineRule } from '../../rule.ts';

/** What instrumentation must be there before: its hooks are put in when these are loaded. Node's own `http` is mended in place, whenever that is. */
const watched =
  /^(express|fastify|koa|hono|@nestjs\/\w+|pg|mysql2?|mongodb|mongoose|redis|ioredis|knex|@prisma\/client|undici|graphql|amqplib|kafkajs|bullmq|@hapi\/hapi)$/;

export const otelLate = defineRule({
  id: 'obs/otel-late',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'Tracing starts after what it is to trace was loaded.',
  why: 'OpenTelemetry puts its hooks into a library when the library is loaded. One that was imported before `sdk.start()` is not traced, and nothing says so: imports run before any statement of the file that they stand in. Start the SDK in a file of its own, loaded first: `node --import ./instrumentation.js` (or `--require`).',
  remedy: 'words',
  mentions: /@opentelemetry\/sdk-node/,
  where: 'all',
  file(source, tell) {
    if (source.kind === 'test') return {};
    const loaded = importsOf(source.program).filter(
      ({ specifier, typeOnly, kind }) => !typeOnly && kind !== 'dynamic' && watched.test(specifier),
    );
    return {
      CallExpression(node) {
        if (originOf(source, node.callee) !== '@opentelemetry/sdk-node#NodeSDK().start') return;
        // An import runs first wherever it stands; a require where it stands.
        const early = loaded.find(({ kind, node: at }) => kind === 'import' || at.start < node.start);
        if (early)
          tell(node, {
            message: `${early.specifier} is loaded in this file before the SDK starts: it is not traced.`,
            fix: 'Start the SDK in a file of its own, and load that first with --import.',
          });
      },
    };
  },
});
