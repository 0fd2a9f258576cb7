import { dockerfiles } from '../../files/dockerfile.ts';
import { type EnvLine, envLines, isEnvFile } from '../../files/env.ts';
import { appended } from '../../mends/lines.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';
import { isPlaceholder, passwordInUrl, providerKeys } from '../../secrets/secrets.ts';

const secretName =
  /(SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY|ACCESS_KEY|TOKEN|CREDENTIALS|SALT|ENCRYPTION_KEY|SERVICE_ROLE)(_|$)/i;
const open =
  /PUBLIC|PUBLISHABLE|_URL$|_ID$|_NAME$|_TTL|EXPIR|_LENGTH|ENABLED|_PATH$|_FILE$|_LOCATION$|_DIR$|ANON_KEY|RESET_PASSWORD|PASSWORD_(MIN|MAX|LENGTH)/i;
/** What a bundler puts into every browser, whatever stands before it. */
const bundled = /(^|_)(REACT_APP|VUE_APP|NG_APP|VITE|GATSBY|STORYBOOK)_/;

export const envTracked = defineRule({
  id: 'sec/env-tracked',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A file of secrets is in git, or in the image.',
  why: 'What git tracks, everybody with the repository has, in every version that ever was. A file that is deleted later stays in the history: change every secret that it held. Ignore `.env*` but the example, and give the container its variables when it starts.',
  hidesCode: true,
  remedy: 'codemod',
  owasp: 'API8',
  securitySeverity: 8.2,
  project(project, tell) {
    const { git } = project;
    const told = new Set<string>();
    for (const path of git === null ? [] : project.files) {
      if (!isEnvFile(path) || /(^|\/)(tests?|fixtures?|examples?|e2e)\//.test(path) || /\.test$/.test(path)) continue;
      const lines = envLines(project.tree.read(path) ?? '');
      const secrets = lines.filter((line) => isSecret(line) && !isOfOwnWords(line));
      const isKnown = knownFrom(project, path, lines);
      const unknown = secrets.filter((line) => !isKnown(line));
      const secret = unknown.find(isOfOthers) ?? unknown[0] ?? secrets[0];
      const word =
        secret === undefined && git?.tracked.has(path) ? lines.find((line) => isWord(path, line)) : undefined;
      if (word !== undefined)
        tell(
          { path, start: word.start, end: word.end },
          {
            message: `${path} is in git, and ${word.name} in it is a word that anybody guesses: who has it signs as the server does.`,
            fix: `Draw ${word.name} at random where the program runs, run git rm --cached ${path}, and ignore .env* but the example.`,
            severity: 'warning',
            confidence: 'likely',
          },
        );
      if (secret === undefined) continue;
      const at = { path, start: secret.start, end: secret.end };
      const others = git?.tracked.has(path) === true;
      const isForDevelopment = /dev|local/i.test(path);
      if (others) told.add(path);
      if (others)
        tell(at, {
          message: `${path} is in git, with ${secret.name} in it: everybody who has the repository has that secret.`,
          fix: `Change the secrets, run git rm --cached ${path}, and ignore .env* but the example.`,
          ...(isKnown(secret)
            ? { severity: 'warning' as const, confidence: 'hint' as const }
            : isForDevelopment
              ? { severity: 'warning' as const, confidence: 'likely' as const }
              : {}),
        });
      else if (git?.untracked.has(path))
        tell(at, {
          message: `Git is not told to ignore ${path}: the next git add . puts ${secret.name} into the history.`,
          fix: 'Ignore .env* in .gitignore, but not the example.',
          severity: 'warning',
          edits: [appended(project.tree, '.gitignore', [path])],
        });
    }
    for (const { path, stages } of dockerfiles(project))
      for (const { keyword, text, spot } of stages.flatMap(({ steps }) => steps)) {
        if (keyword !== 'COPY' && keyword !== 'ADD') continue;
        const from = text.split(/\s+/).slice(0, -1);
        const file = from.find((one) => isEnvFile(one.replace(/["'[\],]/g, '')));
        // What git has already shown is told of there.
        const isTold = file !== undefined && [file, inFolderOf(path, file)].some((one) => told.has(plainName(one)));
        if (file !== undefined && !isTold && !from.some((one) => /^--from/.test(one)) && mayHoldSecrets(project, file))
          tell(spot, {
            message: `${file} is copied into the image: whoever can pull it can read the secrets.`,
            fix: 'Give the container its variables when it starts, and list .env* in .dockerignore.',
            confidence: 'likely',
          });
      }
  },
});

const plainName = (file: string): string => file.replace(/["'[\],]/g, '').replace(/^\.?\//, '');

const inFolderOf = (path: string, file: string): string => path.replace(/[^/]*$/, '') + plainName(file);

/** False for a file that is there to be read and holds no secret: ports and switches of production. */
function mayHoldSecrets({ tree, files }: Project, file: string): boolean {
  const name = plainName(file);
  const text = files.includes(name) ? tree.read(name) : null;
  if (text !== null) return envLines(text).some(isSecret);
  // The file itself is kept elsewhere: what its example names, it holds.
  const example = files.find((path) => path.split('/').at(-1)?.startsWith(`${name}.`) && isExample.test(path));
  const names = example === undefined ? null : envLines(tree.read(example) ?? '').map((line) => line.name);
  return names === null || names.some((one) => secretName.test(one) && !open.test(one));
}

const isExample = /\.(example|sample|template|dist)$/;
/** Names of secrets that the program itself signs with: what is no word for an example is the secret. */
const signing = /(JWT|SESSION|COOKIE|AUTH|TOKEN)_?(\w+_)?SECRET(_KEY)?$|EMAIL_PASS(WORD)?$|SMTP_PASS(WORD)?$/;

/** Which secrets of a file hold for the machine of a developer alone: those of its own in a file for development, and those that the example beside it has too. */
function knownFrom({ files, tree }: Project, path: string, lines: readonly EnvLine[]): (line: EnvLine) => boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const examples = files.filter((one) => one.startsWith(`${folder}.env`) && isExample.test(one));
  const shown = new Set(
    examples.flatMap((one) => envLines(tree.read(one) ?? '')).map(({ name, value }) => `${name}=${value}`),
  );
  const isOfDeveloper = isForDeveloper(lines);
  const given = lines.filter(isSecret);
  if (given.length > 0 && given.every((line) => isDefault(line, lines))) return () => true;
  return (line) =>
    shown.has(`${line.name}=${line.value}`) || (isOfDeveloper && (signing.test(line.name) || isOfService(line, lines)));
}

/** A short password of something that a developer starts beside the program, as no line of its name says another host. */
const isOfService = ({ name, value }: EnvLine, lines: readonly EnvLine[]): boolean =>
  /(PASSWORD|PASSWD|PASS)$/.test(name) &&
  value.length < 16 &&
  lines.every(
    (line) =>
      line.name.split('_')[0] !== name.split('_')[0] ||
      !/(HOST(NAME)?|SERVER|UR[IL])$/.test(line.name) ||
      isHere.test(line.value),
  );

/** `MINIO_SECRET_KEY=shop123` beside `POSTGRES_USER=shop`: a name with a number behind it, as one starts databases at home. */
function isDefault({ value }: EnvLine, lines: readonly EnvLine[]): boolean {
  const word = value.toLowerCase().replace(/[-_@]?\d{1,4}$/, '');
  const names = lines.filter(({ name }) => !secretName.test(name)).map((line) => line.value.toLowerCase());
  return /^(minio-?admin|rabbitmq|elastic)$/.test(word) || (/^[a-z_-]{3,}$/.test(word) && names.includes(word));
}

/** True for settings that say so, or whose every address is this machine. */
function isForDeveloper(lines: readonly EnvLine[]): boolean {
  const environment = lines.find(({ name }) => name === 'NODE_ENV')?.value;
  if (environment !== undefined) return /^(dev|development|test|local)$/.test(environment);
  const addresses = lines.filter(
    ({ name, value }) => /:\/\/|^[\w.-]+:\d{2,5}$/.test(value) || /(^|_)HOST(NAME)?$/.test(name),
  );
  return addresses.length > 0 && addresses.every(({ value }) => isHere.test(value));
}
const isHere = /(^|\/\/|@)(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)([:/?]|$)/;

/** `JWT_SECRET=jwt-secret`: words of its own name, which hide nothing and are for nobody's server. */
function isOfOwnWords({ name, value }: EnvLine): boolean {
  const names = name.toLowerCase().split('_');
  const words = value.toLowerCase().split(/[^a-z]+/);
  return /^[a-z_.-]+$/i.test(value) && words.every((word) => names.includes(word) || /^(for|of|the|my|a)?$/.test(word));
}

/** A short word that the program signs with, in the file that it reads by itself; not one that says it must be changed. */
const isWord = (path: string, { name, value }: EnvLine): boolean =>
  /(^|\/)\.env(\.prod(uction)?)?$/.test(path) &&
  /(JWT|SESSION|COOKIE|TOKEN)_?([A-Z]+_)?SECRET(_KEY)?$/.test(name) &&
  /^[\w@!-]{1,12}$/.test(value) &&
  !/change|your|replace|insert|example|sample|dummy|placeholder|todo|fixme|test|fake|mock|dev|local|^x+$/i.test(value);

/** The worst of several: a password of a server elsewhere, or a key by its form. */
const isOfOthers = ({ value }: EnvLine): boolean =>
  passwordInUrl(value) !== null ||
  providerKeys.some(({ shape, severity }) => severity === undefined && shape.test(value));

/** `dev-jwt-secret-at-least-32-characters`: words that say for whom it is. */
const saysForWhom = /^(.*[^a-z0-9])?(dev|development|local|localhost|testing|demo|sample|example)([^a-z0-9].*)?$/i;

const isSecret = ({ name, value }: EnvLine): boolean => {
  if (passwordInUrl(value) !== null) return true;
  if (!secretName.test(name) || open.test(name) || (bundled.test(name) && !/SECRET|PRIVATE|PASSW/i.test(name)))
    return false;
  return (
    value.length >= 8 &&
    !isPlaceholder(value) &&
    !saysForWhom.test(value) &&
    !/^(https?:|\/|\.\/|\$)|^[\w-]+(\/[\w.-]+)+\.\w+$/.test(value) &&
    ((/\d/.test(value) && /[a-z]/i.test(value)) || signing.test(name))
  );
};
