import { joinPath } from '../../text/path.ts';
import { type CiProject, fallbackNode, runsOf } from './project.ts';

/** From the repository's root. The pipeline itself includes it, because a pipeline is its owner's. */
export const gitlabPath = '.gitlab/backend-skills.yml';
export const gitlabPipeline = '.gitlab-ci.yml';

/** The lines that include the jobs in a pipeline. */
export const gitlabInclude = ['include:', `  - local: /${gitlabPath}`] as const;

/** The jobs that show drift and findings in a merge request. */
export function gitlabJobs(project: CiProject): string {
  const { folder, commands, nodeFile } = project;
  const runs = runsOf(project);
  // An image has its version in its name; what a file says can only be read when the job runs.
  const note =
    nodeFile === null ? '' : `  # ${joinPath(folder, nodeFile)} names the version: keep the image in step with it.\n`;
  const before = [
    folder === '' ? null : `cd ${quoted(folder)}`,
    commands.setup === null ? null : `npm install --global ${commands.setup.startsWith('pnpm') ? 'pnpm' : 'bun'}`,
    commands.install,
  ].filter((line) => line !== null);
  const job = (name: string, run: string): string => `
backend-skills-${name}:
  extends: .backend-skills
  script:
    - ${run} --format gitlab --output "$CI_PROJECT_DIR/backend-skills-${name}.json"
  artifacts:
    when: always
    reports:
      codequality: backend-skills-${name}.json
`;
  return `# Written by \`backend-skills init --ci gitlab\`. Yours to change: nothing depends on its text.
.backend-skills:
${note}  image: node:${fallbackNode}
  stage: test
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
${before.length === 0 ? '' : `  before_script:\n${before.map((line) => `    - ${line}\n`).join('')}`}${job('check', runs.check)}${job('doctor', runs.doctor)}`;
}

/** A path as one word of a shell, in plain YAML. */
const quoted = (path: string): string => (/^[\w.][\w./-]*$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
