import * as v from 'valibot';

/** The settings of a project: `backend-skills.json`. Unknown keys are errors. */

const name = v.pipe(v.string(), v.minLength(1));
const severity = v.picklist(['error', 'warning', 'info']);
const format = v.picklist(['text', 'json', 'sarif', 'github', 'junit', 'markdown', 'gitlab']);

const ignored = v.strictObject({
  rule: v.pipe(name, v.description('The rule whose findings are let be.')),
  path: v.optional(
    v.pipe(name, v.description('Only in these files: a path, a folder, or a pattern with *, ** and {a,b}.')),
  ),
  because: v.optional(v.pipe(v.string(), v.description('Why; reports show it.'))),
});

const reporting = {
  format: v.optional(v.pipe(format, v.description('How findings are printed, where no --format says otherwise.'))),
  failOn: v.optional(v.pipe(severity, v.description('The least severity that ends the run with 1.'))),
  strict: v.optional(v.pipe(v.boolean(), v.description('As with --strict.'))),
  ignore: v.optional(
    v.pipe(v.array(v.union([name, ignored])), v.description('Findings to let be: a rule, or a rule in some files.')),
  ),
};

export const settingsSchema = v.strictObject({
  $schema: v.optional(v.string()),
  folder: v.optional(
    v.pipe(name, v.description('The folder that new modules go to, from the project root, such as src/modules.')),
  ),
  defaults: v.optional(
    v.pipe(
      v.record(name, v.record(name, v.union([v.string(), v.boolean(), v.array(v.string())]))),
      v.description('Answers to the choices of skills, by the skill and the choice; flags win over them.'),
    ),
  ),
  check: v.optional(v.strictObject(reporting)),
  doctor: v.optional(
    v.strictObject({
      ...reporting,
      exclude: v.optional(
        v.pipe(v.array(name), v.description('Files that are not looked at: paths, folders or patterns.')),
      ),
    }),
  ),
});

export type SettingsFile = v.InferOutput<typeof settingsSchema>;
