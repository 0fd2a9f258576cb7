import { joinPath } from '../../text/path.ts';
import { type CiProject, fallbackNode, runsOf } from './project.ts';

/** From the repository's root. */
export const githubPath = '.github/workflows/backend-skills.yml';

/** The workflow that shows drift and findings at the lines of a pull request. It may read the code, and nothing else. */
export function githubWorkflow(project: CiProject): string {
  const { folder, nodeFile, commands } = project;
  const runs = runsOf(project);
  const node =
    nodeFile === null ? `node-version: ${fallbackNode}` : `node-version-file: ${quoted(joinPath(folder, nodeFile))}`;
  return `# Written by \`backend-skills init --ci github\`. Yours to change: nothing depends on its text.
name: backend-skills

on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  backend-skills:
    runs-on: ubuntu-latest
    timeout-minutes: 10
${folder === '' ? '' : `    defaults:\n      run:\n        working-directory: ${quoted(folder)}\n`}    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
${commands.setup === null ? '' : `      - uses: ${commands.setup}\n`}      - uses: actions/setup-node@v6
        with:
          ${node}
${commands.install === null ? '' : `      - name: Install\n        run: ${commands.install}\n`}      - name: Drift of the added modules
        run: ${runs.check} --format github
      - name: Audit of the project
        if: \${{ !cancelled() }}
        run: ${runs.doctor} --format github
`;
}

/** A path as a YAML value. */
const quoted = (path: string): string => (/^[\w.][\w./-]*$/.test(path) ? path : JSON.stringify(path));
