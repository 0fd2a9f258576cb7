import { expect, test } from 'vitest';
import { jobOptions } from '../../../../src/doctor/rules/job/options.ts';
import { examineTexts, manifest, ruleTest } from '../../rule.ts';

const good = `{ connection, defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true, removeOnFail: { age: 86400 } } }`;

ruleTest(jobOptions, {
  hits: {
    'a queue with its defaults': {
      files: {
        'src/queue.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails', { connection: { host: 'redis' } });\nexport const send = (to) => mails.add('send', { to });\n`,
      },
      at: ['src/queue.ts:2'],
    },
    'a worker without a listener, on a connection that it refuses': {
      files: {
        'src/worker.ts': `import { Worker } from 'bullmq';\nimport IORedis from 'ioredis';\nconst connection = new IORedis(process.env.REDIS_URL);\nconst worker = new Worker('mails', async (job) => {}, { connection });\nworker.on('failed', () => {});\n`,
      },
      at: ['src/worker.ts:4', 'src/worker.ts:4 info'],
    },
    'Nest’s module': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
        'src/mail.module.ts': `import { Module } from '@nestjs/common';\nimport { BullModule } from '@nestjs/bullmq';\n@Module({ imports: [BullModule.registerQueue({ name: 'mails' })] })\nexport class MailModule {}\n`,
      },
      at: ['src/mail.module.ts:3'],
    },
    'jobs that are cleared away where they are done, and not where they failed': {
      files: {
        'src/queue.js': `const Queue = require('bull');\nconst mails = new Queue('mails', process.env.REDIS_URL, { defaultJobOptions: { attempts: 3 } });\nmails.on('completed', (job) => job.remove());\nmails.on('failed', (job) => console.error(job.id));\nmodule.exports = mails;\n`,
      },
      at: ['src/queue.js:2'],
    },
    'queues that one default of the connection would give all, told once': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
        'src/mail.module.ts': `import { Module } from '@nestjs/common';\nimport { BullModule } from '@nestjs/bullmq';\n@Module({ imports: [BullModule.registerQueue({ name: 'mails' })] })\nexport class MailModule {}\n`,
        'src/bill.module.ts': `import { Module } from '@nestjs/common';\nimport { BullModule } from '@nestjs/bullmq';\n@Module({ imports: [BullModule.registerQueue({ name: 'bills' })] })\nexport class BillModule {}\n`,
      },
      at: ['src/bill.module.ts:3'],
    },
    'a queue that nobody is given, beside one that is: less sure, and so told by itself': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
        'src/mail.module.ts': `import { Module } from '@nestjs/common';\nimport { BullModule, InjectQueue } from '@nestjs/bullmq';\n@Module({ imports: [\n  BullModule.registerQueue({ name: 'mails' }),\n  BullModule.registerQueue({ name: 'old' }),\n] })\nexport class MailModule {\n  constructor(@InjectQueue('mails') readonly mails) {}\n}\n`,
      },
      at: ['src/mail.module.ts:4', 'src/mail.module.ts:5'],
    },
    'Bull, without attempts': {
      files: {
        'src/queue.js': `const Queue = require('bull');\nmodule.exports = new Queue('mails', process.env.REDIS_URL, { defaultJobOptions: { removeOnComplete: true, removeOnFail: true } });\n`,
      },
      at: ['src/queue.js:2'],
    },
  },
  clean: {
    'schedulers that say it of their jobs': {
      files: {
        'src/queue.ts': `import { Queue } from 'bullmq';\nconst mails = new Queue('mails', { connection: { host: 'redis' } });\nawait mails.upsertJobScheduler('daily', { pattern: '0 8 * * *' }, { name: 'digest', opts: { attempts: 3, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true, removeOnFail: { age: 86400 } } });\n`,
      },
    },
    'defaults of its own, and a listener': {
      files: {
        'src/queue.ts': `import { Queue, Worker } from 'bullmq';\nimport { Redis } from 'ioredis';\nconst connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });\nexport const mails = new Queue('mails', ${good});\nexport const worker = new Worker('mails', async () => {}, { connection });\nworker.on('error', (error) => console.error(error));\n`,
      },
    },
    'options of each job': {
      files: {
        'src/queue.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails', { connection: { host: 'redis' } });\nexport const send = (to) => mails.add('send', { to }, { attempts: 3, removeOnComplete: true, removeOnFail: 100 });\n`,
      },
    },
    'defaults for all queues of Nest': {
      files: {
        'package.json': manifest('@nestjs/core', '@nestjs/bullmq', 'bullmq'),
        'src/app.module.ts': `import { Module } from '@nestjs/common';\nimport { BullModule } from '@nestjs/bullmq';\n@Module({ imports: [BullModule.forRoot(${good}), BullModule.registerQueue({ name: 'mails' })] })\nexport class AppModule {}\n`,
      },
    },
    'options that come from elsewhere': {
      files: {
        'src/queue.ts': `import { Queue } from 'bullmq';\nimport { options } from '@shop/queue';\nexport const mails = new Queue('mails', options);\nexport const more = new Queue('more', { ...options });\n`,
      },
    },
    'jobs that are cleared away by hand': {
      files: {
        'src/queue.js': `const Queue = require('bull');\nconst mails = new Queue('mails', process.env.REDIS_URL, { defaultJobOptions: { attempts: 3 } });\nmails.on('completed', (job) => job.remove());\nmails.clean(60000, 'failed');\nmodule.exports = mails;\n`,
      },
    },
    'a queue that is another': {
      files: {
        'src/queue.ts': `import { Queue } from './list.js';\nexport const queue = new Queue('x', {});\n`,
        'src/list.ts': `export class Queue {}\n`,
      },
    },
  },
});

test.each([
  ['bull@^3.22.4', 'removeOnComplete: 1000'],
  ['bull@^4.10.0', 'removeOnComplete: { age, count }'],
])('names what %s takes: %s', (dependency, words) => {
  const texts = {
    'package.json': manifest(dependency),
    'src/a.ts': `import Queue from 'bull';\nexport const images = new Queue('images', 'redis://localhost');\n`,
  };
  expect(examineTexts(texts, [jobOptions]).findings.map(({ fix }) => fix)).toEqual([expect.stringContaining(words)]);
});
