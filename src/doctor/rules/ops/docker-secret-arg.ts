import { type Dockerfile, dockerfiles, finalStages, type Stage, type Step, startOf } from '../../files/dockerfile.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A name says with its last words what it holds: JWT_SECRET is one, SECRET_MANAGER_ARN and TOKEN_TTL are about one. */
const secret =
  /(^|_)(SECRET|PASSWORD|PASSWD|PASS|PRIVATE_KEY|API_?KEY|ACCESS_KEY|TOKEN|CREDENTIALS)(_(KEY|BASE|VALUE|PROD|PRODUCTION|STAGING|\d+))*$/i;
/** What anybody may know. */
const open = /PUBLIC|PUBLISHABLE/i;
const placeholder =
  /^(["']?)(|build|test|none|null|x+|skip\w*|secret|\d+|true|false|\$\{?\w+(:-[^}]*)?\}?)\1$|dummy|placeholder|change-?me|fake|example|build-?time|not-?(a-?)?(real|secret|used)|your[-_]/i;
/** Where a secret lies, which is none itself. */
const place = /^["']?(~|\.{1,2})?\/|^\S*\.(json|pem|key|crt|cer|p12|pfx|txt|ya?ml|env)["']?$/i;

export const dockerSecretArg = defineRule({
  id: 'ops/docker-secret-arg',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A secret is built into the image.',
  why: 'What ARG and ENV hold is written into the layers and the history of the image: everybody who can pull it can read it (`docker history`); and a file that COPY brings in lies there for whoever gets in. For the build use `RUN --mount=type=secret`, for the run give it to the container when it starts.',
  hidesCode: true,
  remedy: 'words',
  securitySeverity: 7.5,
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      for (const built of builtInto(file)) {
        const { keyword, names, isWeak, isShipped } = built;
        const all = names.join(', ');
        const [stays, them] = names.length > 1 ? ['stay', 'them'] : ['stays', names[0]];
        tell(built.spot, {
          message: !isShipped
            ? `${keyword} ${all} ${stays} in the build's cache and in what is told of how the image was made.`
            : keyword === 'ENV'
              ? `ENV ${all} ${names.length > 1 ? 'are' : 'is'} a part of the image: whoever can pull it can read ${names.length > 1 ? 'them' : 'it'}.`
              : `ARG ${all} ${stays} in the image's history where a RUN comes after it: whoever can pull the image can read it.`,
          fix: `Use RUN --mount=type=secret,id=${names[0]?.toLowerCase()} for the build, or give ${them} to the container when it starts.`,
          // Images of one program, each for its machines, repeat the lines.
          together: `${keyword} ${all}`,
          ...(isShipped && keyword === 'ENV' ? {} : { severity: 'warning' }),
          ...(isShipped && !isWeak ? {} : { confidence: 'hint' }),
        });
      }
      const copied = copiedSecret(file);
      if (copied)
        tell(copied.spot, {
          message: `COPY puts ${copied.path} into the image that is run: whoever can pull it can read the secrets in it.`,
          fix: `Give ${copied.path} to the container when it starts (a mounted file, env_file).`,
          together: `COPY ${copied.path}`,
          // One that is committed holds what everybody may have, or is told of for that.
          ...(isCommitted(project, copied.path) ? { confidence: 'hint' } : {}),
        });
    }
  },
});

/** Secrets that stand in one way in an image: told of once. */
interface Built {
  keyword: string;
  names: string[];
  spot: Spot;
  /** False in a stage that is only built: it is not shipped, but the cache of builds keeps it. */
  isShipped: boolean;
  /** True where nothing is learnt from the image: one word for all of them, an argument that no step is told. */
  isWeak: boolean;
}

function builtInto(file: Dockerfile): Built[] {
  const run = new Set(finalStages(file));
  const all = file.stages.flatMap((stage) =>
    stage.steps.flatMap((step, at) =>
      step.keyword === 'ARG' || step.keyword === 'ENV'
        ? assignments(step.text)
            .filter(([name, value]) => isSecret(name, value))
            .map(([name, value]) => ({ name, value, step, isShipped: run.has(stage), isTold: isTold(stage, at, name) }))
        : [],
    ),
  );
  const values = all.map(({ value }) => value);
  const byKind = new Map<string, Built>();
  const told = new Set<string>();
  for (const { name, value, step, isShipped, isTold } of all) {
    if (told.has(name)) continue;
    told.add(name);
    const isShared = value !== null && values.indexOf(value) !== values.lastIndexOf(value);
    const isWeak = isShared || (step.keyword === 'ARG' && value === null && !isTold);
    const kind = `${step.keyword} ${isShipped} ${isWeak}`;
    const before = byKind.get(kind);
    if (before) before.names.push(name);
    else byKind.set(kind, { keyword: step.keyword, names: [name], spot: step.spot, isShipped, isWeak });
  }
  return [...byKind.values()];
}

const isSecret = (name: string, value: string | null): boolean =>
  secret.test(name) &&
  !open.test(name) &&
  (value === null || (!placeholder.test(value.trim()) && !place.test(value.trim())));

/** True for an argument that a step behind it can see or that becomes a variable: the history holds its value. */
const isTold = ({ steps }: Stage, at: number, name: string): boolean =>
  steps
    .slice(at + 1)
    .some(
      ({ keyword, text }) => keyword === 'RUN' || (keyword === 'ENV' && new RegExp(`\\$\\{?${name}\\b`).test(text)),
    );

/** A file whose name says that it holds secrets, where the image that is run takes it as it is. */
function copiedSecret(file: Dockerfile): { path: string; spot: Spot } | null {
  const isFinished = (step: Step): boolean => !/\b(dev|nodemon|--watch)\b/.test(step.words?.join(' ') ?? step.text);
  const { entry, command } = startOf(file);
  if ([entry, command].some((step) => step && !isFinished(step))) return null;
  for (const { keyword, text, words, spot } of finalStages(file).flatMap(({ steps }) => steps)) {
    if (keyword !== 'COPY' && keyword !== 'ADD') continue;
    const sources = (words ?? text.split(/\s+/).filter((word) => !word.startsWith('--'))).slice(0, -1);
    const path = sources.find((one) => secretFile.test(one));
    if (path !== undefined && !(/--from=/.test(text) && /(^|\/)\.env[^/]*$/.test(path)))
      return { path: path.replace(/^\.?\//, ''), spot };
  }
  return null;
}

const secretFile =
  /(^|\/)(\.env(\.(local|prod|production|staging|live))?|[\w.-]*(service-?account|firebase-?admin|google-?credentials)[\w.-]*\.json|id_(rsa|ed25519)|private\.(pem|key))$/i;

/** True for a file that git has, in the folder that the image is built in. */
const isCommitted = ({ git }: Project, path: string): boolean =>
  git !== null && [...git.tracked].some((one) => one === path || one.endsWith(`/${path}`));

function assignments(text: string): [string, string | null][] {
  const pairs = [...text.matchAll(/(?:^|\s)(\w+)=("[^"]*"|'[^']*'|\S*)/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value.replace(/^["']|["']$/g, '')],
  );
  if (pairs.length > 0) return pairs;
  const [, name = '', value = null] = /^(\w+)(?:\s+(.*))?$/.exec(text) ?? [];
  return [[name, value]];
}
