import semver from 'semver';
import { asObject, asString } from '../../../detect/json.ts';
import { dockerfiles, type Stage } from '../../files/dockerfile.ts';
import { workflowFiles, yamlDocuments } from '../../files/yaml.ts';
import type { Project } from '../../project.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** When each major's support ended, from Node's release schedule: odd ones live for half a year. */
const ends: Readonly<Record<number, string>> = {
  12: '2022-04',
  14: '2023-04',
  16: '2023-09',
  18: '2025-04',
  19: '2023-06',
  20: '2026-04',
  21: '2024-06',
  23: '2025-06',
  25: '2026-06',
};
const supported = 22;
const hasEnded = (major: number): boolean => major < supported || ends[major] !== undefined;

interface Named {
  major: number;
  /** False where it runs neither the program nor its tests: a job that formats or checks links. */
  counts: boolean;
  /** True for a job that runs tests. */
  tests?: boolean;
  spot: Spot;
  where: string;
}

export const nodeEol = defineRule({
  id: 'ops/node-eol',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'certain',
  title: 'The project runs on a Node that gets no security fixes any more, or on several.',
  why: 'A major of Node is mended for about three years. After that its holes stay open and are public. And where `engines`, `.nvmrc`, the Dockerfile and CI name different majors, what is tested is not what runs.',
  remedy: 'words',
  project(project, tell) {
    const images = fromDockerfiles(project);
    const run = [...images, ...fromVersionFiles(project), ...fromManifest(project)];
    // A job that checks links or formats runs nothing of the program.
    const tested = fromWorkflows(project).filter(({ counts }) => counts);
    const old = (run.length > 0 ? run : tested).filter(({ major }) => hasEnded(major));
    const [first] = old;
    // It is told of together with other folders: the place alone would not say which.
    const placed = ({ where }: Named): string =>
      project.around === null ? where : where.replace(/\S+$/, (path) => `${project.around?.folder}/${path}`);
    const named = (one: Named): string =>
      one.major === first?.major ? placed(one) : `${placed(one)} (Node ${one.major})`;
    if (first)
      tell(first.spot, {
        message: `${placed(first)} names Node ${first.major}, which has had no security fixes since ${ends[first.major] ?? (first.major > 12 ? 'its half year ended' : '2021 or before')}.`,
        fix: `Move to Node ${old.some(({ major }) => major > 24) ? 26 : 24}: ${[...new Set(old.map(named))].join(', ')}${project.around === null ? '' : ', and where else it is named'}.`,
        together: String(first.major),
        across: true,
      });
    const [one] = run;
    const other = [...run.filter((each) => !images.includes(each)), ...tested.filter(({ tests }) => tests)].find(
      ({ major, where }) => one && major !== one.major && where !== one.where,
    );
    if (!first && one && other)
      tell(other.spot, {
        message: `${one.where} names Node ${one.major}, ${other.where} Node ${other.major}: what is tested is not what runs.`,
        fix: 'Name one major everywhere.',
        // Tests on the oldest that it says to run on are meant.
        ...(other.major === oldestOf(project) ? { confidence: 'hint' } : {}),
      });
  },
});

function oldestOf({ manifest }: Project): number | null {
  const range = asString(asObject(manifest.engines)?.node);
  return range !== null && semver.validRange(range) !== null ? (semver.minVersion(range)?.major ?? null) : null;
}

const fromDockerfiles = (project: Project): Named[] =>
  dockerfiles(project).flatMap(({ path, stages }) =>
    (isStub(stages) ? [] : stages).flatMap(({ image, spot }): Named[] => {
      const major = /(?:^|\/)node:(\d+)/.exec(image)?.[1];
      return major === undefined ? [] : [{ major: Number(major), counts: true, spot, where: path }];
    }),
  );

/** Stages that bring nothing in and start nothing: no image of the program is built of them. */
const isStub = (stages: readonly Stage[]): boolean => {
  const steps = stages.flatMap((stage) => stage.steps);
  return steps.length > 0 && !steps.some(({ keyword }) => /^(COPY|ADD|RUN|CMD|ENTRYPOINT|VOLUME)$/.test(keyword));
};

function fromVersionFiles(project: Project): Named[] {
  return ['.nvmrc', '.node-version', '.tool-versions'].flatMap((path): Named[] => {
    const text = project.tree.read(path)?.trim() ?? '';
    const own = path === '.tool-versions' ? (/^nodejs\s+(.*)$/m.exec(text)?.[1] ?? '') : text;
    const major = /^v?(\d+)/.exec(own)?.[1] ?? { 'lts/hydrogen': '18', 'lts/iron': '20', 'lts/jod': '22' }[own];
    return major === undefined ? [] : [{ major: Number(major), counts: true, spot: { path, line: 1 }, where: path }];
  });
}

/** What `volta` pins, and `engines` where it allows no newer Node than it names: platforms install by it. */
function fromManifest({ manifest, tree }: Project): Named[] {
  const [pinned, range] = [asString(asObject(manifest.volta)?.node), asString(asObject(manifest.engines)?.node)];
  const isShut = range !== null && semver.validRange(range) !== null && !semver.intersects(range, `>=${supported}`);
  const version = pinned ?? (isShut ? semver.minVersion(range)?.version : null);
  const major = semver.coerce(version ?? '')?.major;
  if (major === undefined) return [];
  const key = pinned === null ? 'engines' : 'volta';
  const line = (tree.read('package.json') ?? '').split('\n').findIndex((text) => text.includes(`"${key}"`)) + 1;
  const spot = { path: 'package.json', line: line === 0 ? null : line };
  return [{ major, counts: true, spot, where: `${key} in package.json` }];
}

/** `node-version` of setup-node; a matrix of several is a library's way to test, and no disagreement. */
const fromWorkflows = (project: Project): Named[] =>
  workflowFiles(project).flatMap((path) =>
    yamlDocuments(project, path).flatMap((document) =>
      (document.get('jobs')?.entries() ?? []).flatMap(([, job]) => {
        const steps = job.get('steps')?.items() ?? [];
        const commands = steps.map((step) => step.get('run')?.text() ?? '').join('\n');
        const tests =
          /\b(npm|pnpm|yarn|bun)( run)? (\S*:)?test(:|\s|$)|\b(vitest|jest|mocha|playwright test|cypress run)\b|\bnode --test\b/m.test(
            commands,
          );
        const counts = tests || /\b(deploy|start)\b/.test(commands);
        return steps.flatMap((step): Named[] => {
          const version = step.get('with', 'node-version');
          const major = semver.coerce(version?.text() ?? '')?.major;
          if (!version || major === undefined || version.text()?.includes('$')) return [];
          return [{ major, counts, tests, spot: version.spot, where: path }];
        });
      }),
    ),
  );
