import { asString } from '../../../detect/json.ts';
import {
  type Dockerfile,
  dockerfiles,
  runsNode,
  type Stage,
  type Step,
  scriptOf,
  servingStages,
  startOf,
} from '../../files/dockerfile.ts';
import { developedBy, linesOf } from '../../files/scripts.ts';
import { type YamlValue, yamlDocuments, yamlFiles } from '../../files/yaml.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

/** Images whose user is not root already. */
const unprivileged = /distroless.*nonroot|:nonroot|chainguard|cgr\.dev|bitnami|nginx-unprivileged|ubi\d/i;
/** Programs by which an entry script gives root away. */
const stepsDown = /\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|sudo -u|su -|exec su)\b/;
/** What needs the host's Docker has its reasons. */
const drivesDocker = /get\.docker\.com|docker\.sock|\bdocker(-ce|-cli|\.io)\b/;

export const dockerRoot = defineRule({
  id: 'ops/docker-root',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The container runs as root.',
  why: 'Whoever gets to run a command in the process is root in the container: they can replace the program, install tools, and use every hole of the kernel that needs root. The images of Node have a user for it: `USER node` before CMD; files are copied with `--chown=node:node` where the program writes to them.',
  remedy: 'words',
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      if (!runsNode(file)) continue;
      const chain = servingStages(file);
      const user = chain.flatMap(({ steps }) => [...steps].reverse()).find(({ keyword }) => keyword === 'USER');
      const base = chain.at(-1)?.image ?? '';
      if (user ? !/^(root|0)(:|$)/.test(user.text) : unprivileged.test(base)) continue;
      const { entry, command } = startOf(file, chain);
      // One that starts nothing is what others are built from, unless it is told elsewhere what to start.
      if (!user && !entry && !command && !isStartedByCompose(project)) continue;
      const texts = chain.flatMap(({ steps }) => steps.map(({ text }) => text));
      if (texts.some((text) => stepsDown.test(text)) || stepsDown.test(scriptOf(project, entry)?.text ?? '')) continue;
      // Who starts it may name the user.
      if (!user && isGivenUser(project)) continue;
      const isBun = /(^|\/)bun\b/.test(base);
      tell(user?.spot ?? chain[0]?.spot ?? { path: file.path, line: 1 }, {
        message: user
          ? 'USER root is the last word: the container runs as root.'
          : 'No USER is named: the container runs as root.',
        fix: `Add USER ${isBun ? 'bun' : 'node'} (or a user of your own) before CMD, and give it what the program writes to with COPY --chown.`,
        ...(user ? {} : { together: 'none', across: true }),
        ...(texts.some((text) => drivesDocker.test(text)) ||
        asksForRoot(chain) ||
        isJob(chain, command ?? entry) ||
        // Who starts it says what, and may say as whom.
        (!entry && !command) ||
        isForDevelopers(project, file, entry ?? command) ||
        hasRootsWork(entry) ||
        hasRootsWork(command) ||
        isGivenDocker(project)
          ? { confidence: 'hint' }
          : {}),
      });
    }
  },
});

/** True where only ports are served that belong to root on many machines, or by an init that starts services as users of their own. */
function asksForRoot(chain: readonly Stage[]): boolean {
  const steps = chain.flatMap((stage) => stage.steps);
  const ports = steps
    .filter(({ keyword }) => keyword === 'EXPOSE')
    .flatMap(({ text }) => text.split(/\s+/).map((port) => Number.parseInt(port, 10)));
  const entry = steps.find(({ keyword }) => keyword === 'ENTRYPOINT');
  return (ports.length > 0 && ports.every((port) => port < 1024)) || entry?.words?.[0] === '/init';
}

/** True for an image that migrates a database and is done: nobody can reach it. */
const isJob = (chain: readonly Stage[], start: Step | null): boolean =>
  /(^|[^a-z])migrat/i.test((start?.words?.join(' ') ?? start?.text ?? '').split(/&&|;/).at(-1) ?? '') &&
  !chain.some(({ steps }) => steps.some(({ keyword }) => keyword === 'EXPOSE'));

/** True for an image that is built for who develops: it lies on no machine that others reach. */
const isForDevelopers = (project: Project, file: Dockerfile, start: Step | null): boolean =>
  developedBy(file, start ? linesOf(project, file, start) : []) !== null;

/** True where a program is started that mounts, listens to low ports or starts others as their users: it needs root, and `USER` before it would stop it. */
const hasRootsWork = (start: Step | null): boolean =>
  /^(\S*\/)?(litefs|supervisord|runsvdir|runit|s6-svscan|s6-overlay|systemd|circusd|crond?|nginx|haproxy|caddy|sshd|mount)(\s|$)/.test(
    start?.words?.join(' ') ?? start?.text ?? '',
  );

const compose = /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/;

const isStartedByCompose = ({ files, tree }: Project): boolean =>
  files.some((path) => compose.test(path) && /\bcommand:/.test(tree.read(path) ?? ''));

/** True where compose gives the program the host's Docker: who has that is root there, whatever the user. */
const isGivenDocker = (project: Project): boolean =>
  yamlFiles(project, compose).some(
    (path) =>
      /docker\.sock/.test(project.tree.read(path) ?? '') &&
      yamlDocuments(project, path).some((document) =>
        (document.get('services')?.entries() ?? []).some(
          ([, service]) =>
            /docker\.sock/.test(JSON.stringify(service.get('volumes')?.plain() ?? '')) && isOwn(project, service),
        ),
      ),
  );

/** A service that is built here, or of an image that is named after the project. */
function isOwn({ manifest }: Project, service: YamlValue): boolean {
  const name = /[^/]+$/.exec(asString(manifest.name) ?? '')?.[0];
  const image = /([^/:@]+)([:@][^/]*)?$/.exec(service.get('image')?.text() ?? '')?.[1];
  return service.get('build') !== null || (name !== undefined && image === name);
}

/** `user: 1000` beside what compose builds, `runAsNonRoot: true` of Kubernetes. */
const isGivenUser = (project: Project): boolean =>
  yamlFiles(project, /./).some((path) => {
    const text = project.tree.read(path) ?? '';
    if (!compose.test(path)) return /^\s+(runAsNonRoot:\s*true|runAsUser:\s*[1-9])/m.test(text);
    if (!/^\s+user:/m.test(text)) return false;
    return yamlDocuments(project, path).some((document) =>
      (document.get('services')?.entries() ?? []).some(([, service]) => {
        const user = service.get('user')?.text() ?? 'root';
        return service.get('build') !== null && !/^(root|0)(:|$)/.test(user);
      }),
    );
  });
