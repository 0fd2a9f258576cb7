import { dockerfiles } from '../../files/dockerfile.ts';
import { defineRule } from '../../rule.ts';

const secret =
  /(^|_)(SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY|ACCESS_KEY|AUTH_TOKEN|NPM_TOKEN|GITHUB_TOKEN|TOKEN|CREDENTIALS)(_|$|=)/i;
/** Names that hold such a word and are no secret. */
const open = /PUBLIC|PUBLISHABLE|_FILE\b|_PATH\b|_URL\b|_ID\b|_NAME\b|_TTL|_EXPIR|TOKEN_LENGTH/i;
const placeholder =
  /^(["']?)(|dummy|placeholder|changeme|change-me|build|fake|test|none|null|x+|build-?time-?\w*|skip\w*|secret|\$\{?\w+(:-[^}]*)?\}?)\1$/i;

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
      const steps = [...file.globals, ...file.stages.flatMap((stage) => stage.steps)];
      for (const { keyword, text, spot } of steps) {
        if (keyword !== 'ARG' && keyword !== 'ENV') continue;
        for (const [name, value] of assignments(text)) {
          if (!secret.test(name) || open.test(name) || (value !== null && placeholder.test(value.trim()))) continue;
          // ENV without a value cannot be; ARG without one is given at build time, and stays in the history.
          tell(spot, {
            message: `${keyword} ${name} stays in the image's history: whoever can pull the image can read it.`,
            fix: `Use RUN --mount=type=secret,id=${name.toLowerCase()} for the build, or give ${name} to the container when it starts.`,
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
