/** What the two services ask of the part of their files that we write, in our own words; closed. */

const closed = (required: readonly string[], properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', minItems: 1, items: text };

export const githubSchema = closed(['name', 'on', 'permissions', 'jobs'], {
  name: text,
  on: closed(['pull_request', 'push'], {
    pull_request: { type: 'null' },
    push: closed(['branches'], { branches: texts }),
  }),
  permissions: { type: 'object', additionalProperties: { enum: ['read', 'none'] } },
  concurrency: closed(['group'], { group: text, 'cancel-in-progress': { type: 'boolean' } }),
  jobs: {
    type: 'object',
    minProperties: 1,
    additionalProperties: closed(['runs-on', 'steps', 'timeout-minutes'], {
      'runs-on': { const: 'ubuntu-latest' },
      'timeout-minutes': { type: 'integer', minimum: 1 },
      defaults: closed(['run'], { run: closed(['working-directory'], { 'working-directory': text }) }),
      steps: {
        type: 'array',
        minItems: 1,
        items: {
          oneOf: [
            // Pinned by its major version.
            closed(['uses'], {
              uses: { type: 'string', pattern: '^[\\w-]+/[\\w-]+@v\\d+$' },
              with: { type: 'object' },
            }),
            closed(['run', 'name'], { name: text, if: text, run: text }),
          ],
        },
      },
    }),
  },
});

const reports = closed(['codequality'], { codequality: text });
const artifacts = closed(['when', 'reports'], { when: { enum: ['always', 'on_success', 'on_failure'] }, reports });
const shared = {
  stage: text,
  image: text,
  rules: { type: 'array', items: closed(['if'], { if: text }) },
  before_script: texts,
};

export const gitlabSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['.backend-skills'],
  properties: { '.backend-skills': closed(['image', 'stage', 'rules'], shared) },
  patternProperties: {
    '^backend-skills-(check|doctor)$': closed(['extends', 'script', 'artifacts'], {
      extends: { const: '.backend-skills' },
      script: texts,
      artifacts,
    }),
  },
};
