import type { RuleDescription } from '../model.ts';

/** What doctor says of the comments and the baseline that tell it to let findings be. */
export const ownRules: readonly RuleDescription[] = [
  {
    id: 'doctor/unused-ignore',
    title: 'A comment lets a finding be that is not there.',
    help: 'What it was for is mended or gone. Delete it, so that it does not hide the next finding of that rule.',
    severity: 'warning',
  },
  {
    id: 'doctor/unknown-rule',
    title: 'A comment names a rule that does not exist.',
    help: 'It has no effect. Correct the name: `backend-skills doctor --rules` lists them.',
    severity: 'warning',
  },
  {
    id: 'doctor/no-reason',
    title: 'A comment lets a finding be and does not say why.',
    help: 'With `--strict` a reason is asked for: `backend-skills-ignore <rule> -- <reason>`.',
    severity: 'warning',
  },
  {
    id: 'doctor/stale-baseline',
    title: 'The baseline holds a finding that is not there any more.',
    help: 'Write it anew with `backend-skills doctor --update-baseline`.',
    severity: 'info',
  },
];
