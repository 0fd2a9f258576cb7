import { dockerfiles, finalStages, runsNode, type Step } from '../../files/dockerfile.ts';
import { isLockfile, lockedAt, lockOfOther } from '../../files/image-lock.ts';
import { installsPart } from '../../files/image-workspace.ts';
import { lockedInstallIn } from '../../mends/install.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

export const dockerInstall = defineRule({
  id: 'ops/docker-install',
  since: '0.1.0',
  severity: 'info',
  confidence: 'likely',
  title: 'The image installs what the lockfile does not say, or what only development needs.',
  why: '`npm install` may take newer versions than those of the lockfile: the image holds what nobody has tested. `npm ci` takes what is locked or fails. In the image that is run, development dependencies are weight and attack surface: `npm ci --omit=dev`.',
  remedy: 'codemod',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      for (const stage of file.stages) {
        if (!isLocked(project)) continue;
        const isCi = stage.steps.some(({ keyword, text }) => keyword === 'ENV' && /\bCI[= ]("?)(true|1)\1/.test(text));
        for (const [n, step] of stage.steps.entries()) {
          if (step.keyword !== 'RUN') continue;
          const isLockedBefore = stage.steps.slice(0, n).some(({ text }) => lockedInstalls.test(text));
          for (const { folder, ...words } of looseInstalls(step.text, isCi, isLockedBefore)) {
            const locked = lockedAt(project, file, stage, step, folder);
            if (locked === 'unknown') continue;
            const tool = /^\w+/.exec(words.message)?.[0] ?? 'npm';
            const other = lockOfOther(project, tool);
            if (other)
              tell(step.spot, {
                message: `${tool} does not read ${other.lock}, and has no lockfile of its own here: the image gets whatever is newest when it is built.`,
                fix: `Copy ${other.lock} beside package.json, and install with ${other.command}.`,
                together: `other\n${words.message}`,
              });
            else if (words.message.startsWith('yarn') && installsPart(project, file, stage, step))
              tell(step.spot, {
                message: `${words.message} And --immutable would refuse it here: the manifests of some packages of the workspace are not copied.`,
                fix: 'Copy the package.json of every package before the install, and use --immutable.',
                together: words.message,
                confidence: 'hint',
              });
            else if (locked === 'there')
              tell(step.spot, {
                ...words,
                together: words.message,
                edits: lockedInstallIn(project, file, stage, step),
              });
            else
              tell(step.spot, {
                message:
                  'package.json is copied without its lockfile: the image gets whatever is newest when it is built.',
                fix: `Copy the lockfile beside package.json. ${words.fix}`,
                together: `left out\n${words.message}`,
              });
            break;
          }
        }
      }
      // Only the stage that is run itself: what is copied out of an earlier one is its own affair.
      const [last] = finalStages(file);
      const whole = last?.steps.find(
        ({ keyword, text }) =>
          keyword === 'RUN' &&
          /\bnpm ci\b/.test(text) &&
          !/--omit[= ]dev|--only[= ]prod|--production|\bprune\b/.test(text),
      );
      const pruned = last?.steps.some(({ text }) =>
        /\bnpm prune\b|--omit[= ]dev|--production|NODE_ENV[= ]production/.test(text),
      );
      if (whole && !pruned && file.stages.length > 1)
        tell(whole.spot, {
          message: 'The image that is run holds the development dependencies.',
          // What builds needs them.
          fix: buildsAfter(last?.steps ?? [], whole)
            ? 'Build in a stage of its own and copy what it made, or run npm prune --omit=dev after the build.'
            : 'Install without them: npm ci --omit=dev.',
        });
    }
  },
});

/** An install that takes what is locked. */
const lockedInstalls = /\bnpm ci\b|--(frozen-lockfile|pure-lockfile|immutable)\b/;

/** True where something is built behind a step: by the tools that only development needs. */
const buildsAfter = (steps: readonly Step[], step: Step): boolean =>
  [step.text.replace(/^.*?\bnpm ci\b/s, ''), ...steps.slice(steps.indexOf(step) + 1).map(({ text }) => text)].some(
    (text) => /\b(npm|pnpm|yarn|bun|npx|turbo|nx)\b[^&|;]*\b(build|compile|tsc|bundle)|\btsc\b/.test(text),
  );

/** Without a lockfile there is nothing to install by; that is another rule's. A package of a workspace is locked by its root. */
const isLocked = ({ tree, profile }: Project): boolean =>
  profile.workspace.value?.role === 'package' || tree.list('').some(isLockfile);

/** The installs of a command that may take what is not locked, with the folder that it went into before. */
function looseInstalls(
  text: string,
  isCi: boolean,
  isLockedBefore: boolean,
): { message: string; fix: string; folder: string | null }[] {
  let folder: string | null = null;
  return text.split(/&&|;/).flatMap((alternatives) => {
    // `npm ci || npm install`: what is done where the first fails was chosen.
    const [part = ''] = alternatives.split('||');
    folder = /^\s*cd\s+(\S+)\s*$/.exec(part)?.[1] ?? folder;
    // It takes away what only development needs, of what was installed by the lockfile.
    if (isLockedBefore && /--prod(uction)?\b|--omit[= ]dev\b/.test(part)) return [];
    const words = looseInstall(part, isCi);
    return words === null ? [] : [{ ...words, folder }];
  });
}

function looseInstall(part: string, isCi: boolean): { message: string; fix: string } | null {
  const command = part.trim().replace(/^(--mount=\S+\s+)+/, '');
  const inCi = isCi || /^(\w+=\S+\s+)*CI=/.test(command);
  if (/^npm (install|i)(\s+-(?!g\b|-global\b)\S+(\s+\d+)?)*$/.test(command))
    return { message: 'npm install may take other versions than the lockfile names.', fix: 'Use npm ci.' };
  if (
    !inCi &&
    /^pnpm (?:\S+ )*?(install|i)\b(?!.*(--frozen-lockfile|--offline))/.test(command) &&
    !/\s-g\b|--global|--prod\b.*\bdeploy\b/.test(command)
  )
    return {
      message: 'pnpm install takes the lockfile as a proposal where CI is not set.',
      fix: 'Use pnpm install --frozen-lockfile.',
    };
  if (/^bun (install|i)(\s+-\S+)*$/.test(command) && !/--frozen-lockfile|--production/.test(command))
    return {
      message: 'bun install may take other versions than the lockfile names.',
      fix: 'Use bun install --frozen-lockfile.',
    };
  if (
    !inCi &&
    /^yarn( install)?(\s+-\S+(\s+\d+)?)*$/.test(command) &&
    !/--(frozen-lockfile|pure-lockfile|immutable)/.test(command)
  )
    return {
      message: 'yarn install takes the lockfile as a proposal.',
      fix: 'Use --immutable (Yarn 1: --frozen-lockfile).',
    };
  return null;
}
