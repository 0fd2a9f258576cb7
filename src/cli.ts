import { Argument, Command, CommanderError, Option } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import type { CommonOptions, Context, ExitCode } from './commands/context.ts';
import type { InitOptions } from './commands/init.ts';
import {
  choiceFlags,
  common,
  commonOptions,
  foreignOptions,
  frameworkOption,
  jsonOnly,
  listOption,
  opened,
  reporting,
} from './commands/options.ts';
import { skillCommands } from './commands/skill-line.ts';

/**
 * The whole command line on one screen. Commands are loaded when they run: `--version` and `--help` load nothing.
 * Gives the exit code: 0 done · 1 findings or declined · 2 cannot be met · 70 our defect · 130 cancelled.
 */
export async function run(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', ignoreClosed);
  if (argv.length === 1 && /^(-v|--version)$/.test(argv[0] ?? '')) {
    process.stdout.write(`${pkg.version}\n`);
    return 0;
  }
  const state: { code: ExitCode; options: CommonOptions } = { code: 0, options: jsonOnly(argv) };
  const program = new Command('backend-skills')
    .description('Adds production backend modules to projects that already exist, and takes them back without a trace.')
    .version(pkg.version, '-v, --version')
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  const examples = new Map<Command, readonly string[]>();
  if (argv.length === 0 || argv.some((word) => ['--help', '-h', 'help'].includes(word))) {
    const { helpAsManual, helpWidth } = await import('./commands/help.ts');
    program.configureHelp(helpAsManual(helpWidth(process), (one) => examples.get(one) ?? []));
  }

  const below = (parent: Command, usage: string, description: string, lines: readonly string[]): Command => {
    const one = common(parent.command(usage).description(description)).exitOverride();
    examples.set(one, lines);
    return one;
  };
  const command = (usage: string, description: string, lines: readonly string[]): Command =>
    below(program, usage, description, lines);
  const act =
    (work: (context: Context, ...args: never[]) => Promise<ExitCode>) =>
    async (...args: unknown[]): Promise<void> => {
      const self = args.at(-1) as Command;
      process.stderr.on('error', ignoreClosed);
      if (self.name() !== 'doctor') (await import('./edge/short-run.ts')).favourShortRun();
      state.options = commonOptions(self);
      const { realContext } = await import('./commands/context.ts');
      state.code = await work(realContext(state.options), ...(args as never[]));
    };

  const adding = command('add <skill...>', 'add modules: detect, ask, plan, preview, apply, install, record', [
    'add webhook --provider stripe',
    'add webhook --provider stripe,github --store redis --yes',
    'add webhook --dry-run --json',
    'add ./skills/audit-log --dry-run',
    'add npm:@acme/skill-audit@^1 --set path=/audit --trust <sha256>',
  ])
    .option('--dry-run', 'print the plan and write nothing')
    .option('--no-install', 'declare dependencies without installing them')
    .option('--keep', 'keep the files when the install fails')
    .option('--force', 'go on over uncommitted changes and files in the way (kept as .orig)')
    .option('--verify', 'then run the type check and the new tests; offer the way back where they fail')
    .option('--docs', 'also write the module’s documents where agent skills are kept')
    .option('--dir <folder>', 'the module’s folder, from the project root')
    .addOption(frameworkOption());
  foreignOptions(adding).action(
    act(async (around, asked: string[], options: Record<string, never>) => {
      const { add } = await import('./commands/add.ts');
      const { addOptions } = await import('./commands/flags.ts');
      const { names, context } = await opened(asked, around);
      return add(names, addOptions(options, names, context.catalogue), context);
    }),
  );
  command('remove <skill...>', 'take modules out: the exact reverse; your own edits are kept and named', [
    'remove webhook',
  ])
    .option('--dry-run', 'print the plan and write nothing')
    .option('--no-install', 'leave installed packages as they are')
    .option('--keep', 'keep the changes when the install fails')
    .action(
      act(
        async (
          context,
          names: string[],
          { dryRun = false, install, keep = false }: { dryRun?: boolean; install: boolean; keep?: boolean },
        ) => (await import('./commands/remove.ts')).remove(names, { dryRun, install, keep }, context),
      ),
    );
  const updating = command(
    'update [skill...]',
    'move modules to the newest template or other choices; your edits stay',
    ['update', 'update webhook --store redis', 'update --dry-run'],
  )
    .option('--dry-run', 'print the plan and write nothing')
    .option('--no-install', 'declare dependencies without installing them')
    .option('--keep', 'keep the files when the install fails')
    .option('--force', 'go on over uncommitted changes and files in the way (kept as .orig)')
    .option('--verify', 'then run the type check and the new tests; offer the way back where they fail')
    .addOption(
      new Option('--on-conflict <how>', 'where you and the template changed the same lines')
        .choices(['markers', 'ours', 'theirs', 'fail'])
        .default('markers'),
    )
    .addOption(frameworkOption());
  foreignOptions(updating).action(
    act(async (around, asked: string[], options: Record<string, never>) => {
      const { update } = await import('./commands/update.ts');
      const { updateOptions } = await import('./commands/flags.ts');
      const { names, context } = await opened(asked, around);
      return update(names, updateOptions(options, names, context.catalogue), context);
    }),
  );
  reporting(
    command('check [skill...]', 'find drift between what was added and what is there; exit 1 on drift', [
      'check',
      'check webhook --strict',
      'check --all --format github',
      'check --format sarif --output check.sarif',
    ])
      .option('--all', 'every package of the workspace that has modules, in one report')
      .option('--strict', 'edited files and newer versions are findings too')
      .addOption(new Option('--no-strict').hideHelp()),
  ).action(
    act(async (context, names: string[], options: Record<string, unknown>) => {
      const { check } = await import('./commands/check.ts');
      const { reportFlags } = await import('./commands/report-flags.ts');
      return check(names, { ...reportFlags(options), all: options.all === true }, context);
    }),
  );
  reporting(
    command('doctor [path...]', 'audit the project: what would hurt in production, where, why, and what mends it', [
      'doctor',
      'doctor src/routes --only sec',
      'doctor --changed-since origin/main --format github',
      'doctor --why src/app.ts:42',
    ])
      .option('--strict', 'hints too, and a reason for each comment that lets a finding be')
      .addOption(new Option('--no-strict').hideHelp())
      .addOption(listOption('--only <rules>', 'only these rules or areas, as sec or sec/sql-injection'))
      .addOption(listOption('--skip <rules>', 'all but these rules or areas'))
      .option('--changed-since <ref>', 'only files that differ from where the history parted from a commit')
      .option('--why <file:line>', 'what each rule says of a line, and why it says nothing')
      .option('--rules', 'the rules, and what each is for')
      .option('--no-baseline', 'findings of the baseline too')
      .option('--update-baseline', 'let be what is found now: only new findings fail the run from then on')
      .option('--fix', 'mend what can be mended safely; undo takes it back')
      .option('--dry-run', 'with --fix: print the plan and write nothing')
      .option('--force', 'with --fix: files that are not committed, too')
      .option('--html <file>', 'write the report as one page that works offline, too')
      .option('--exit-zero', 'end with 0 whatever is found'),
  ).action(
    act(async (context, paths: string[], options: Record<string, unknown>) => {
      const { doctorOptions } = await import('./commands/doctor-options.ts');
      const { runDoctor } = await import('./commands/doctor.ts');
      return runDoctor(paths, doctorOptions(options), context);
    }),
  );
  command('diff [skill...]', 'what you have changed in our modules; exit 1 where there is a difference', [
    'diff',
    'diff webhook --update',
  ])
    .option('--update', 'what an update would change, instead')
    .option('--no-pager', 'never through $PAGER')
    .action(
      act(async (around, names: string[], { update = false, pager }: { update?: boolean; pager: boolean }) => {
        const { diff } = await import('./commands/diff.ts');
        return diff(names, { update, pager }, update ? (await opened([], around)).context : around);
      }),
    );
  command('list', 'the catalogue, with what fits this project and why', ['list']).action(
    act(async (around) => (await import('./commands/list.ts')).list((await opened([], around)).context)),
  );
  command('info <skill>', 'one skill: its choices, files, variables and pairs', ['info webhook']).action(
    act(async (around, asked: string) => {
      const { names, context } = await opened([asked], around);
      return (await import('./commands/info.ts')).info(names[0] ?? asked, context);
    }),
  );
  command('detect', 'what this project is, with the evidence that every default rests on', ['detect', 'detect --json'])
    .addOption(frameworkOption())
    .action(
      act(async (context, { framework = null }: { framework?: 'express' | null }) =>
        (await import('./commands/detect.ts')).detect({ framework }, context),
      ),
    );
  command('init', 'write backend-skills.json, and the workflow that runs check and doctor', [
    'init',
    'init --ci github',
    'init --ci gitlab --dry-run',
    'init --tasks',
  ])
    .addOption(new Option('--ci <service>', 'also the workflow for this service').choices(['github', 'gitlab']))
    .option('--tasks', 'also the task for Turborepo or Nx, in every package that has modules')
    .option('--folder <folder>', 'the folder that new modules go to, from the project root')
    .option('--dry-run', 'print the plan and write nothing')
    .action(
      act(async (context, { ci = null, tasks = false, folder = null, dryRun = false }: Partial<InitOptions>) =>
        (await import('./commands/init.ts')).init({ ci, tasks, folder, dryRun }, context),
      ),
    );
  command('undo', 'take back the last applied plan', ['undo', 'undo --dry-run'])
    .option('--dry-run', 'print the plan and write nothing')
    .option('--no-install', 'leave installed packages as they are')
    .action(
      act(async (context, { dryRun = false, install }: { dryRun?: boolean; install: boolean }) =>
        (await import('./commands/undo.ts')).undo({ dryRun, install, silent: false }, context),
      ),
    );

  command('completion', 'the script that completes what is typed, for a shell', ['completion bash'])
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(
      act(async (context, shell: 'bash' | 'zsh' | 'fish') =>
        (await import('./commands/completion.ts')).completion(shell, context),
      ),
    );
  skillCommands(program, below, act);

  try {
    if (argv[0] === '__complete') {
      // What the completion scripts ask. Hidden, and quick: no command is loaded for it.
      const { candidatesFor } = await import('./commands/complete.ts');
      const { candidateLines, namesHere } = await import('./commands/completion.ts');
      await choiceFlags(adding, updating);
      process.stdout.write(candidateLines(candidatesFor(program, argv.slice(2), namesHere(process.cwd()))));
      return 0;
    }
    if (argv[0] === 'add') await choiceFlags(adding);
    if (argv[0] === 'update') await choiceFlags(updating);
    await program.parseAsync([...argv], { from: 'user' });
    return state.code;
  } catch (error) {
    // Help and the version end that way, too.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    process.stderr.on('error', ignoreClosed);
    return (await import('./commands/failure.ts')).failure(error, state.options);
  }
}

/** A reader that has seen enough (`| head`) is no failure of ours. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
