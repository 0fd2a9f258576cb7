import { asString, readJson } from '../../detect/json.ts';
import type { Project } from '../project.ts';
import { isForOthers } from './dockerfile.ts';
import { type YamlValue, yamlDocuments, yamlFiles } from './yaml.ts';

/** A container that Kubernetes runs. */
export interface Container {
  name: string;
  /** How it is written: its ports, its probes. */
  value: YamlValue;
  image: string;
  /** False for an image that others build: nobody here gives it a route. */
  isOwn: boolean;
  /** Its pod has others. */
  isBeside: boolean;
  /** Of a version that clusters take no longer, or in a file that shows how it could be done. */
  isForTrial: boolean;
}

const ofClusters =
  /(^|\/)(k8s|kubernetes|deploy|deployment|manifests|charts|helm|kube|infra|ops)(\/|[\w.-]*\.ya?ml$)|deployment/i;
const kinds = /^(Deployment|StatefulSet|DaemonSet|Pod|Rollout)$/;
/** Versions of an interface that no cluster has had since 2019. */
const past = /^(apps|extensions)\/v1(alpha|beta)\d/;
const forTrial = /(^|[/._-])(preview|demo|samples?|examples?|playground)([/._-]|$)/i;
/** What Helm writes above each document that it makes of a chart. */
const rendered = /^# Source: \S+\/templates\//m;

/**
 * Containers that take requests: those with a port. Those of a developer's own cluster are left out, and those of a chart that
 * is written out, which is mended where the chart is.
 */
export function containersOf(project: Project): Container[] {
  const own = wordsOfProject(project);
  const all = yamlFiles(project, ofClusters)
    .filter((path) => !isForOthers(path) && !rendered.test(project.tree.read(path) ?? ''))
    .flatMap((path) => yamlDocuments(project, path))
    .flatMap((document) => {
      const pod = containersIn(document);
      const isForTrial = past.test(document.get('apiVersion')?.text() ?? '') || forTrial.test(document.spot.path ?? '');
      return pod.map((value) => ({ value, isBeside: pod.length > 1, isForTrial }));
    })
    .filter(({ value }) => (value.get('ports')?.items().length ?? 0) > 0 && !isLocal(value))
    .map((one) => ({
      ...one,
      name: one.value.get('name')?.text() ?? 'the container',
      image: one.value.get('image')?.text() ?? '',
    }));
  const isNamed = ({ image }: { image: string }): boolean =>
    /^$|[${<]/.test(image) || wordsOf(pathOf(image)).some((word) => own.has(word));
  // Whoever publishes one of them publishes the others.
  const publishers = new Set(all.filter(isNamed).flatMap(({ image }) => publisherOf(image) ?? []));
  return all.map((one) => ({ ...one, isOwn: isNamed(one) || publishers.has(publisherOf(one.image) ?? '') }));
}

function containersIn(document: YamlValue): YamlValue[] {
  if (!kinds.test(document.get('kind')?.text() ?? '')) return [];
  const spec = document.get('spec', 'template', 'spec') ?? document.get('spec');
  return spec?.get('containers')?.items() ?? [];
}

/** An image that no registry has, or that a machine built for itself. */
const isLocal = (container: YamlValue): boolean =>
  container.get('imagePullPolicy')?.text() === 'Never' || /:(local|dev)$/.test(container.get('image')?.text() ?? '');

/** An image's name without its registry and its tag. */
const pathOf = (image: string): string =>
  image.replace(/@.*$|:[\w.-]+$/, '').replace(/^[\w-]+(\.[\w-]+)+(:\d+)?\//, '');

const publisherOf = (image: string): string | null => /^[^/]+(?=\/)/.exec(pathOf(image))?.[0] ?? null;

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);

/** What the images of a project are named after: its packages, and the folders that have a Dockerfile. */
function wordsOfProject({ manifest, around, files }: Project): ReadonlySet<string> {
  const folders = files.flatMap((path) => /([^/]+)\/(?:Dockerfile|package\.json)$/.exec(path)?.[1] ?? []);
  const outer = around === null ? null : readJson(around.tree, 'package.json')?.name;
  const names = [asString(manifest.name), asString(outer), around?.folder, ...folders];
  return new Set(names.flatMap((name) => (name ? wordsOf(name) : [])));
}

/** Databases and the like, and the command by which each says that it answers. */
const questions: readonly [RegExp, string][] = [
  [/postgres|timescale|postgis|pgvector/, 'pg_isready'],
  [/mysql|percona/, 'mysqladmin ping'],
  [/mariadb/, 'healthcheck.sh --connect'],
  [/mongo/, `mongosh --eval "db.adminCommand('ping')"`],
  [/redis|keydb/, 'redis-cli ping'],
  [/valkey/, 'valkey-cli ping'],
  [/rabbitmq/, 'rabbitmq-diagnostics -q ping'],
];

/** The command by which a database's image says that it answers; null for what answers requests of HTTP. */
export function questionOf({ image, isOwn }: Container): string | null {
  const name = /([^/:@]+)([:@][^/]*)?$/.exec(image)?.[1] ?? '';
  if (isOwn && !/^[\w-]+$/.test(image.replace(/:.*$/, ''))) return null;
  return (
    questions.find(([names]) => names.test(name) && !/exporter|express|admin|insight|commander/.test(name))?.[1] ?? null
  );
}
