import { expect, test } from 'vitest';
import type { Rule } from '../../../../src/doctor/rule.ts';
import { floatingPromise } from '../../../../src/doctor/rules/res/floating-promise.ts';
import { examineTexts, type Texts } from '../../rule.ts';

const emits = `import { EventEmitter } from 'events';\nconst emitter = new EventEmitter();\nexport const listen = () =>\n  emitter.on('leave', async () => {\n    await leave(emitter);\n  });\n`;

test.each<[string, Rule, Texts, string[]]>([
  [
    'a listener that the start of a page imports',
    floatingPromise,
    {
      'app/main.js': `import { listen } from './events.js';\nif (window.location.hash === '') listen();\n`,
      'app/events.js': emits,
    },
    ['app/events.js:4 hint'],
  ],
  [
    'a listener that a server imports',
    floatingPromise,
    { 'app/main.js': `import { listen } from './events.js';\nlisten();\n`, 'app/events.js': emits },
    ['app/events.js:4 likely'],
  ],
  [
    'a listener of a process that takes what is rejected',
    floatingPromise,
    {
      'app/main.js': `import { listen } from './events.js';\nprocess.on('unhandledRejection', console.error);\nlisten();\n`,
      'app/events.js': emits,
    },
    ['app/events.js:4 hint'],
  ],
])('%s is told of as surely as it is known', (_title, rule, texts, said) => {
  const { findings, failures } = examineTexts(texts, [rule]);
  expect(failures).toEqual([]);
  expect(findings.map(({ path, line, confidence }) => `${path}:${line} ${confidence}`)).toEqual(said);
});
