/** What the help of a command says beyond its options: read only where somebody asks for it. */
export interface Manual {
  /** One or two paragraphs. */
  about: readonly string[];
  exits: readonly (readonly [code: number, meaning: string])[];
  files?: readonly (readonly [path: string, what: string])[];
  see?: readonly string[];
}

const lock = ['.backend-skills/', 'what was added, and its text as it was written; commit it'] as const;
const settings = ['backend-skills.json', 'settings of the package, over those of the workspace’s root'] as const;
const cannot = [2, 'the request cannot be met; nothing was changed'] as const;
const written = [0, 'done, or nothing to do'] as const;
const declined = [1, 'you said no'] as const;

export const manuals: Readonly<Record<string, Manual>> = {
  add: {
    about: [
      'Finds out what the project is, asks only what it does not show, prints the plan, and carries it out as one: all of it or nothing. Without a terminal nothing is asked: what the project shows is taken, then the default.',
      'A file that is in the way is a conflict, not a casualty. Where no safe place for a line is found, you get the line and the place to paste it.',
    ],
    exits: [written, declined, cannot],
    files: [lock, settings],
    see: ['info', 'undo', 'remove'],
  },
  remove: {
    about: ['Takes out what the lock records, and only that. What you have edited is kept and named.'],
    exits: [written, declined, cannot],
    files: [lock],
    see: ['undo'],
  },
  update: {
    about: [
      'Merges three ways: the text as it was written, yours, and the newest. Your edits stay, and a file that you deleted stays deleted. Choices can change on the way.',
    ],
    exits: [written, declined, [2, 'conflict markers were left, or the request cannot be met']],
    files: [lock, settings],
    see: ['diff', 'check'],
  },
  check: {
    about: [
      'Offline and fast: hashes first, and only what has changed is parsed. For a gate in CI; the formats annotate pull requests there.',
    ],
    exits: [
      [0, 'nothing at or above --fail-on'],
      [1, 'drift'],
      [2, 'the request cannot be met'],
      [3, 'something could not be read: the answer is incomplete'],
    ],
    files: [lock, settings],
    see: ['diff', 'update', 'doctor', 'init'],
  },
  doctor: {
    about: ['Reads the code, and runs nothing of it; nothing leaves this machine. It needs no module of ours.'],
    exits: [
      [0, 'nothing at or above --fail-on'],
      [1, 'findings'],
      [2, 'the request cannot be met'],
      [3, 'something could not be looked at: the answer is incomplete'],
    ],
    files: [settings],
    see: ['check', 'init'],
  },
  diff: {
    about: ['Long output goes through the pager, as with git. Files that are yours from the start are left out.'],
    exits: [
      [0, 'no difference'],
      [1, 'a difference'],
      [2, 'the request cannot be met'],
    ],
    files: [lock],
    see: ['update', 'check'],
  },
  init: {
    about: [
      'Overwrites nothing: what is there stays as it is, and is named. The workflow may only read the code; it runs check and doctor and shows what they find at its lines.',
    ],
    exits: [written, declined, cannot],
    files: [
      settings,
      ['.github/workflows/backend-skills.yml', 'with --ci github'],
      ['.gitlab/backend-skills.yml', 'with --ci gitlab'],
    ],
    see: ['check', 'doctor'],
  },
  undo: {
    about: ['Restores every byte, lockfiles too. Refuses where a file was edited since, and names it.'],
    exits: [written, cannot],
    files: [['$XDG_STATE_HOME/backend-skills/', 'what the last run replaced, outside of the project']],
    see: ['remove'],
  },
  list: { about: ['Works outside of a project too.'], exits: [[0, 'done'], cannot], see: ['info'] },
  info: {
    about: ['Shows what this project would get by default, and why another value would not work in it.'],
    exits: [[0, 'done'], cannot],
    see: ['add'],
  },
  detect: {
    about: ['Changes nothing. Every default of add rests on this.'],
    exits: [[0, 'done'], cannot],
    see: ['add'],
  },
  completion: {
    about: [
      'bash: put `source <(backend-skills completion bash)` into ~/.bashrc.',
      'zsh: put `source <(backend-skills completion zsh)` into ~/.zshrc, below compinit.',
      'fish: backend-skills completion fish > ~/.config/fish/completions/backend-skills.fish',
      'The script asks the program itself, so that it knows the skills and choices of the version that is installed.',
    ],
    exits: [[0, 'done'], cannot],
  },
};

/** Of every command. */
export const environment: readonly (readonly [name: string, what: string])[] = [
  ['CI', 'never ask'],
  ['NO_COLOR, FORCE_COLOR', 'no colours; colours even into a pipe'],
  ['COLUMNS', 'the width to write for, where there is no terminal'],
  ['PAGER', 'what shows long output'],
  ['GITHUB_STEP_SUMMARY', 'with --format github: the summary of the step goes there'],
  ['XDG_STATE_HOME', 'where undo keeps what it needs'],
];
