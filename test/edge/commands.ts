import { add } from '../../src/commands/add.ts';
import type { Context } from '../../src/commands/context.ts';
import { addOptions, updateOptions } from '../../src/commands/flags.ts';
import { remove } from '../../src/commands/remove.ts';
import { undo } from '../../src/commands/undo.ts';
import { update } from '../../src/commands/update.ts';
import type { Disk } from '../../src/edge/disk.ts';
import type { Terminal } from '../../src/edge/terminal.ts';
import { paintWith } from '../../src/report/paint.ts';
import { catalogue, exampleSkill } from '../fixtures.ts';

export const root = '/shop';

const withPing = {
  ...catalogue,
  skill: (name: string) => (name === 'ping' ? exampleSkill : catalogue.skill(name)),
};

const unasked = (): never => {
  throw new Error('Nobody is there to be asked.');
};

/** What the world gives to a command that runs on this disk; what it says is added to `said`. */
export function contextOn(disk: Disk, said: string[] = [], now = '2026-01-02T03:04:05Z'): Context {
  const say = (text: string): void => void said.push(text);
  const terminal: Terminal = {
    interactive: false,
    verbose: false,
    json: false,
    paint: paintWith(false, true, 80),
    say,
    remark: say,
    complain: say,
    page: async (text) => say(text),
    document: say,
    confirm: unasked,
    choose: unasked,
    chooseMany: unasked,
    ask: unasked,
  };
  return { cwd: root, packageName: null, where: [], terminal, catalogue: withPing, disk, now: () => new Date(now) };
}

type Run = (context: Context) => Promise<number>;

/** Whole commands, as the command line starts them, without an install. */
export const commands = {
  add: (context) => add(['ping'], addOptions({ install: false }, ['ping'], withPing), context),
  update: (context) =>
    update(
      ['ping'],
      { ...updateOptions({ install: false }, ['ping'], withPing), asked: { greeting: ['long'] } },
      context,
    ),
  remove: (context) => remove(['ping'], { dryRun: false, install: false, keep: false }, context),
  undo: (context) => undo({ dryRun: false, install: false, silent: false }, context),
} satisfies Record<string, Run>;

export type CommandName = keyof typeof commands;
