import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { objectAt } from '../../code/objects.ts';
import { originOf } from '../../code/origin.ts';
import type { Source } from '../../code/source.ts';
import { envLines } from '../../files/env.ts';
import type { Project } from '../../project.ts';
import { defineRule } from '../../rule.ts';

/** Variables that a bundler writes into what browsers load. */
const shown = /^(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|VUE_APP|NG_APP)_/;
const secret =
  /(SECRET(_KEY)?|SERVICE_ROLE(_KEY)?|SERVICE_KEY|PRIVATE_KEY|PASSWORD|ACCESS_KEY_SECRET|SECRET_ACCESS_KEY|ADMIN_KEY|ADMIN_TOKEN|DATABASE_URL|CLIENT_SECRET|JWT_SECRET|(OPENAI|ANTHROPIC|GEMINI|GROQ|MISTRAL|COHERE|DEEPSEEK|OPENROUTER|PERPLEXITY|REPLICATE|HUGGING_?FACE|ELEVENLABS|PINECONE|RESEND|SENDGRID|MAILGUN|BREVO|POSTMARK)_(API_)?(KEY|TOKEN)|TWILIO_AUTH_TOKEN)$/;
/** Secrets of a show that everybody may see. */
const shownOff = /DEMO|EXAMPLE|SANDBOX/;
const envFile = /(^|\/)\.env[\w.-]*$/;
/** In settings of the bundler any secret's name counts. */
const anySecret =
  /(SECRET|SERVICE_ROLE|PRIVATE_KEY|PASSWORD|DATABASE_URL|API_SECRET|_TOKEN$|OPENAI|ANTHROPIC|GEMINI|GROQ|MISTRAL|DEEPSEEK|OPENROUTER)/;
const publicOne = /PUBLIC|PUBLISHABLE|ANON|SITE_KEY|DSN|MAPBOX|CSRF|_URL$|_MODEL$|_HOST$/;

export const secretInClient = defineRule({
  id: 'sec/secret-in-client',
  since: '0.1.0',
  severity: 'error',
  confidence: 'certain',
  title: 'A secret is written into what browsers load.',
  why: 'The prefix (`NEXT_PUBLIC_`, `VITE_`, …) tells the bundler to write the value into the JavaScript that every visitor downloads. A service-role key found there reads and writes the whole database, past every policy. Keep the secret on the server under a name without the prefix, use it in a route of your own, and change it: it has been served.',
  hidesCode: true,
  remedy: 'words',
  owasp: 'API8',
  securitySeverity: 9.1,
  where: 'all',
  mentions:
    /(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|VUE_APP|NG_APP)_\w*(SECRET|SERVICE|PRIVATE|PASSWORD|ADMIN|DATABASE|API_KEY|TOKEN|_KEY)|publicRuntimeConfig|\bdefine\s*:|\benv\s*:/,
  file(source, tell) {
    if (source.kind === 'test' || /(^|\/)\.storybook\/|\.stories\./.test(source.path)) return {};
    const isNextConfig = /(^|\/)next\.config\.[cm]?[jt]s$/.test(source.path);
    const isVite = /(^|\/)(vite|vue|rspack|webpack)\.config\.[cm]?[jt]s$/.test(source.path);
    return {
      MemberExpression(node) {
        const name = /^#(?:process|import\.meta)\.env\.(\w+)$/.exec(
          originOf(source, node) ?? importMeta(source.textOf(node)),
        )?.[1];
        if (name === undefined || !isSecret(name) || isOpenAddress(name, setTo(source.project, name))) return;
        if (isOfPublicSdk(source, node)) return;
        tell(node, {
          message: `${name} is written into the JavaScript that every visitor downloads.`,
          fix: `Call it ${name.replace(shown, '')}, read it on the server only, and change its value.`,
        });
      },
      Property(node) {
        const key = keyOf(node);
        if ((isNextConfig && (key === 'env' || key === 'publicRuntimeConfig')) || (isVite && key === 'define')) {
          const object = objectAt(source, node.value);
          for (const property of object?.node.properties ?? []) {
            if (property.type !== 'Property') continue;
            const read = /\benv(?:\.(\w+))?/.exec(object?.source.textOf(property.value) ?? '');
            const isAll =
              isVite &&
              /^process\.env$|^JSON\.stringify\((process\.)?env\)$/.test(source.textOf(unwrap(property.value)));
            if (!isAll && !(read?.[1] !== undefined && anySecret.test(read[1]) && !publicOne.test(read[1]))) continue;
            tell(property, {
              message: isAll
                ? 'Every variable of the environment in which this is built is written into the JavaScript that visitors download.'
                : `${read?.[1] ?? ''} is written into the JavaScript that every visitor downloads, wherever it is named.`,
              fix: 'Take it out: on the server process.env has it anyway.',
              confidence: 'likely',
            });
          }
        }
      },
    };
  },
  project(project, tell) {
    for (const path of project.files) {
      if (!envFile.test(path)) continue;
      for (const { name, value, start, end } of envLines(project.tree.read(path) ?? ''))
        if (isSecret(name) && !isOpenAddress(name, value) && isBundled(name, project.dependencies))
          tell(
            { path, start, end },
            {
              message: `${name} is written into the JavaScript that every visitor downloads.`,
              fix: `Call it ${name.replace(shown, '')}, and read it on the server only.`,
              confidence: 'likely',
            },
          );
    }
  },
});

const isSecret = (name: string): boolean => shown.test(name) && secret.test(name) && !shownOff.test(name);

/** An address that opens nothing by itself: no user with a password in it, and no protocol of a database (Firebase's is `https:`). */
const isOpenAddress = (name: string, value: string): boolean =>
  /DATABASE_URL$/.test(name) &&
  (/FIREBASE/.test(name) || /^https?:/i.test(value)) &&
  !/^\w[\w+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/.test(value);

/** What the project's files of variables set it to; empty where none does. */
function setTo({ files, tree }: Project, name: string): string {
  for (const path of files) {
    if (!envFile.test(path)) continue;
    const line = envLines(tree.read(path) ?? '').find((one) => one.name === name && one.value !== '');
    if (line) return line.value;
  }
  return '';
}

/** Within `initializeApp({ … })` of Firebase's library for browsers: all that it takes is made to be seen. */
const isOfPublicSdk = (source: Source, node: Syntax): boolean =>
  [...source.above(node)].some(
    (one) => one.type === 'CallExpression' && /^firebase\/(compat\/)?app#/.test(originOf(source, one.callee) ?? ''),
  );

const importMeta = (text: string): string => (/^import\.meta\.env\.\w+$/.test(text) ? `#${text}` : '');

/** `PUBLIC_` is a word like any other where no bundler reads it. */
const isBundled = (name: string, dependencies: ReadonlyMap<string, string>): boolean =>
  !name.startsWith('PUBLIC_') || dependencies.has('astro') || dependencies.has('@sveltejs/kit');
