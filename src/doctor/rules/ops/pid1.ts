import { asObject, asString, readJson } from '../../../detect/json.ts';
import { dockerfiles, runsNode, type Step, scriptOf, startOf } from '../../files/dockerfile.ts';
import { direct } from '../../mends/start.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

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
  why: 'The first process of a container receives SIGTERM when it is to stop. A shell (`CMD node server.js` without brackets) does not pass it on, and package managers, which start a shell themselves, do so unreliably: the server never hears of it, is killed after the grace period, and drops what it was answering. Start Node itself, in the JSON form: `CMD ["node", "dist/server.js"]`.',
  remedy: 'codemod',
  applies: (project) => !startsInit(project),
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const { entry, command } = startOf(file);
      const step = entry ?? command;
      if (!step || isInit(entry)) continue;
      const said = runsToItsEnd(step) ? null : fault(step);
      const script = said === null ? scriptOf(project, step) : null;
      const lines = said === null ? [] : linesOf(project, step);
      if (said !== null)
        tell(step.spot, {
          message: `${step.keyword} ${said}: every deployment may cut off the requests that are being answered.`,
          fix: lines.some((line) => /&&|;/.test(line))
            ? `Start a script of a few lines that does the rest first and ends with exec node <file>: ${step.keyword} ["./start.sh"].`
            : `Start Node itself, in the JSON form: ${step.keyword} ["node", "<file>"].`,
          edits: direct(project, file, step),
          ...(lines.some((line) => ofFiles.test(line)) ? { confidence: 'hint' } : {}),
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

/** What a step runs, and what the scripts that it names run, as far as each only names another. */
function linesOf({ manifest, around }: Project, { words, text }: Step): string[] {
  const tables = [around === null ? null : readJson(around.tree, 'package.json'), manifest];
  const scripts = Object.assign({}, ...tables.map((one) => asObject(one?.scripts) ?? {}));
  const lines = [words?.join(' ') ?? text];
  for (let line = lines[0]; line !== undefined && lines.length < 5; ) {
    const [, named, target] = /\b(?:npm|pnpm|yarn)\s+(?:run\s+)?([\w:-]+)\s*$|--target=([\w:-]+)/.exec(line) ?? [];
    const next = asString(scripts[named ?? target ?? '']);
    if (next === null || lines.includes(next)) break;
    lines.push(next);
    line = next;
  }
  return lines;
}

const isInit = (entry: Step | null): boolean => entry?.words?.[0] !== undefined && inits.test(entry.words[0]);

/** `init: true` in a compose file puts such a program before every command. */
const startsInit = ({ files, tree }: Project): boolean =>
  files.some(
    (path) => /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/.test(path) && /^\s+init:\s*true\b/m.test(tree.read(path) ?? ''),
  );

function fault({ words, text }: Step): string | null {
  const [program = '', flag = '', script = ''] = words ?? [];
  const line = words === null ? text : /^(\/bin\/)?(ba|a)?sh$/.test(program) && /^-\w*c$/.test(flag) ? script : null;
  if (line === null)
    return managers.test(program)
      ? `starts the server through ${program}, which does not surely pass SIGTERM on`
      : null;
  // A shell that is replaced by the server (`exec node …`) is none.
  if (/(^|&&|;)\s*exec\s/.test(line) || !server.test(line)) return null;
  return `starts the server below a shell${words === null ? ' (the form without brackets)' : ''}, which does not pass SIGTERM on`;
}

/** True where the last command of a shell script is the server, and runs below the shell. */
function keepsShell(script: string): boolean {
  const last = script
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .at(-1);
  return (
    last !== undefined &&
    /^("\$@"|(\w+=\S+\s+)*(node|npm|pnpm|yarn|npx|tsx|bun)\s[^|]*)$/.test(last) &&
    !last.endsWith('&')
  );
}
