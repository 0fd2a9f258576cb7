import { dockerfiles, finalStages } from '../../files/dockerfile.ts';
import { defineRule } from '../../rule.ts';

/** A name says with its last words what it holds: JWT_SECRET is one, SECRET_MANAGER_ARN and TOKEN_TTL are about one. */
const secret =
  /(^|_)(SECRET|PASSWORD|PASSWD|PASS|PRIVATE_KEY|API_?KEY|ACCESS_KEY|TOKEN|CREDENTIALS)(_(KEY|BASE|VALUE|PROD|PRODUCTION|STAGING|\d+))*$/i;
/** What anybody may know. */
const open = /PUBLIC|PUBLISHABLE/i;
const placeholder =
  /^(["']?)(|build|test|none|null|x+|skip\w*|secret|\d+|true|false|\$\{?\w+(:-[^}]*)?\}?)\1$|dummy|placeholder|change-?me|fake|example|build-?time|not-?(a-?)?(real|secret|used)|your[-_]/i;

export const dockerSecretArg = defineRule({
  id: 'ops/docker-secret-arg',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A secret is built into the image.',
  why: 'What ARG and ENV hold is written into the layers and the history of the image: everybody who can pull it can read it (`docker history`). For the build use `RUN --mount=type=secret`, for the run give it to the container when it starts.',
  hidesCode: true,
  remedy: 'words',
  securitySeverity: 7.5,
  project(project, tell) {
    for (const file of dockerfiles(project)) {
      const run = new Set(finalStages(file));
      const told = new Set<string>();
      for (const stage of file.stages)
        for (const { keyword, text, spot } of stage.steps) {
          if (keyword !== 'ARG' && keyword !== 'ENV') continue;
          for (const [name, value] of assignments(text)) {
            if (!secret.test(name) || open.test(name) || (value !== null && placeholder.test(value.trim()))) continue;
            if (told.has(name)) continue;
            told.add(name);
            // Images of one program, each for its machines, repeat the lines.
            const together = `${keyword} ${name}`;
            const fix = `Use RUN --mount=type=secret,id=${name.toLowerCase()} for the build, or give ${name} to the container when it starts.`;
            // A stage that is only built is not shipped; the cache of builds keeps it.
            if (!run.has(stage))
              tell(spot, {
                message: `${keyword} ${name} stays in the build's cache and in what is told of how the image was made.`,
                fix,
                together,
                severity: 'warning',
                confidence: 'hint',
              });
            else if (keyword === 'ENV')
              tell(spot, {
                message: `ENV ${name} is a part of the image: whoever can pull it can read it.`,
                fix,
                together,
              });
            else
              tell(spot, {
                message: `ARG ${name} stays in the image's history where a RUN comes after it: whoever can pull the image can read it.`,
                fix,
                together,
                severity: 'warning',
              });
          }
        }
    }
  },
});

function assignments(text: string): [string, string | null][] {
  const pairs = [...text.matchAll(/(?:^|\s)(\w+)=("[^"]*"|'[^']*'|\S*)/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value.replace(/^["']|["']$/g, '')],
  );
  if (pairs.length > 0) return pairs;
  const [, name = '', value = null] = /^(\w+)(?:\s+(.*))?$/.exec(text) ?? [];
  return [[name, value]];
}
