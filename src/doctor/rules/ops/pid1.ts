import {
  type Dockerfile,
  dockerfiles,
  finalStages,
  runsNode,
  type Step,
  scriptOf,
  startOf,
} from '../../files/dockerfile.ts';
import { developedBy, linesOf, missingScript } from '../../files/scripts.ts';
import { direct } from '../../mends/start.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Words } from '../../rule.ts';

const managers = /^(npm|pnpm|yarn|npx)$/;
/** Small programs that pass signals on. */
const inits =
  /^(tini|dumb-init|\/sbin\/tini|\/usr\/bin\/tini|\/usr\/(local\/)?bin\/dumb-init|\/tini|catatonit|s6-\w+|\/init)$/;
const server = /\b(node|npm|pnpm|yarn|npx|tsx|bun|next)\b/;

export const pid1 = defineRule({
  id: 'ops/pid1',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The container starts its server through a shell or a package manager, which keeps signals to itself.',
  why: 'The first process of a container receives SIGTERM when it is to stop. A shell (of Debian’s images: `CMD node server.js` without brackets) does not pass it on, and package managers, which start a shell themselves, do so unreliably: the server never hears of it, is killed after the grace period, and drops what it was answering. Start Node itself, in the JSON form: `CMD ["node", "dist/server.js"]`.',
  remedy: 'codemod',
  applies: (project) => !startsInit(project),
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const { entry, command } = startOf(file);
      const step = entry ?? command;
      if (!step || isInit(step)) continue;
      const said = runsToItsEnd(step) ? null : fault(file, step);
      const script = said === null ? scriptOf(project, step) : null;
      if (said !== null) tell(step.spot, { ...wordsOf(project, file, step, said), edits: direct(project, file, step) });
      else if (script && leavesBehind(script.text))
        tell(step.spot, {
          message: `${script.path} starts a server in the background, and its shell does not pass SIGTERM on: every deployment cuts off the requests that are being answered.`,
          fix: 'Give each server a container of its own, or start them below an init that passes signals on to all (tini -g).',
          confidence: 'likely',
        });
      else if (script && keepsShell(script.text))
        tell(step.spot, {
          message: `${script.path} starts the server below its shell, which does not pass SIGTERM on: every deployment cuts off the requests that are being answered.`,
          fix: `Let the server take the shell's place: exec before the last command of ${script.path}.`,
          confidence: 'likely',
        });
    }
  },
});

/** What does its work and is done: nobody waits for an answer of it. */
const runsToItsEnd = ({ words, text }: Step): boolean =>
  /\b(migrat\w*|seed)\b/.test((words?.join(' ') ?? text).split(/&&|;/).at(-1) ?? '');

/** A server of files: what it was answering is asked for again. */
const ofFiles = /(^|&&\s*)(npx\s+)?(http-server|serve|sirv|static-server|vite preview|nginx)\b[^&|;]*$/;

/** What is told of a step that keeps signals to itself. */
function wordsOf(project: Project, file: Dockerfile, step: Step, said: string): Words {
  const lines = linesOf(project, file, step);
  const last = lines.at(-1) ?? '';
  const developed = developedBy(file, lines);
  if (developed === 'pages')
    return {
      message: `${step.keyword} starts a server that is for whoever writes the page (${last}): it builds while it runs, and is not made for visitors.`,
      fix: 'Build the page into files, and serve those.',
      confidence: 'hint',
    };
  if (developed === 'watching')
    return {
      message: `${step.keyword} starts what watches files and starts the server anew (${last}): it is for who develops, and keeps signals to itself.`,
      fix: 'Deploy an image that starts Node itself, in the JSON form.',
      confidence: 'hint',
    };
  const missing = missingScript(project, file, step);
  const fix = lines.some((line) => /&&|;/.test(line))
    ? `Start a script of a few lines that does the rest first and ends with exec node <file>: ${step.keyword} ["./start.sh"].`
    : /^pm2-runtime\b/.test(last)
      ? `Start pm2-runtime itself, in the JSON form: ${step.keyword} [${started(project, last) ?? '"pm2-runtime", "<file>"'}].`
      : `Start Node itself, in the JSON form: ${step.keyword} [${started(project, last) ?? '"node", "<file>"'}].`;
  return {
    message:
      missing === null
        ? `${step.keyword} ${said}: every deployment may cut off the requests that are being answered.`
        : `${step.keyword} asks for the script "${missing}", which package.json does not have. And it ${said}.`,
    fix: missing === null ? fix : `Start what there is. ${fix}`,
    together: `${said}\n${missing}\n${fix}`,
    ...(lines.some((line) => ofFiles.test(line)) ? { confidence: 'hint' } : {}),
  };
}

/** The words of the JSON form that start what a line starts; null where it does not say that. */
const started = ({ around }: Project, line: string): string | null =>
  around === null && /^(node|pm2-runtime)( +[\w@%+=:,./-]+)+$/.test(line)
    ? line
        .split(/ +/)
        .map((word) => `"${word}"`)
        .join(', ')
    : null;

const isInit = ({ words }: Step): boolean => words?.[0] !== undefined && inits.test(words[0]);

/** `init: true` in a compose file puts such a program before every command. */
const startsInit = ({ files, tree }: Project): boolean =>
  files.some(
    (path) => /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/.test(path) && /^\s+init:\s*true\b/m.test(tree.read(path) ?? ''),
  );

function fault(file: Dockerfile, { words, text }: Step): string | null {
  const [program = '', flag = '', script = ''] = words ?? [];
  const line = words === null ? text : /^(\/bin\/)?(ba|a)?sh$/.test(program) && /^-\w*c$/.test(flag) ? script : null;
  if (line === null) return throughManager(program);
  // A shell that is replaced by the server (`exec node …`) is none.
  if (/(^|&&|;)\s*exec\s/.test(line) || !server.test(line)) return null;
  const [, last = null] = /(?:^|&&|;)\s*((?:(?!&&|;)[^|&])*);?\s*$/.exec(line) ?? [];
  if (last !== null && givesWay(file, words === null ? null : program))
    return throughManager(/^(?:\w+=\S*\s+)*(\S+)/.exec(last)?.[1] ?? '');
  return `starts the server below a shell${words === null ? ' (the form without brackets)' : ''}, which does not pass SIGTERM on`;
}

const throughManager = (program: string): string | null =>
  managers.test(program) ? `starts the server through ${program}, which does not surely pass SIGTERM on` : null;

/**
 * True for a shell whose place the last command of `-c` takes: bash, and sh where it is BusyBox's or bash. Debian's dash stays.
 * No program is what the form without brackets starts.
 */
function givesWay(file: Dockerfile, program: string | null): boolean {
  const chain = finalStages(file);
  const named = chain
    .flatMap(({ steps }) => [...steps].reverse())
    .find(({ keyword }) => program === null && keyword === 'SHELL')?.words?.[0];
  const shell = (program ?? named ?? 'sh').replace(/^.*\//, '');
  return shell === 'bash' || chain.some(({ image }) => /alpine|\bubi\d|fedora|amazonlinux/i.test(image));
}

/** The commands of a shell script that are not comments, without what it only says at its end. */
function commandsOf(script: string): string[] {
  const lines = script
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.slice(0, lines.findLastIndex((line) => !/^(echo|printf|exit)\b/.test(line)) + 1);
}

/** True where a script starts Node in the background, and asks for no signal. */
const leavesBehind = (script: string): boolean =>
  !/^\s*(trap|exec)\s/m.test(script) &&
  commandsOf(script).some((line) => /^(\{\s*)?((\w+=\S+|npx|nohup)\s+)*(node|next)\s[^|&]*[^|&>]&$/.test(line));

/** True where the last command of a shell script is the server, and runs below the shell. */
function keepsShell(script: string): boolean {
  const last = commandsOf(script).at(-1);
  return (
    last !== undefined &&
    /^("\$@"|(\w+=\S+\s+)*(node|npm|pnpm|yarn|npx|tsx|bun)\s[^|]*)$/.test(last) &&
    !last.endsWith('&')
  );
}
