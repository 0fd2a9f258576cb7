/** Keys of providers, by their shape. What matches is a key, whatever it is called. */
export const providerKeys: readonly { name: string; shape: RegExp; severity?: 'warning' }[] = [
  { name: 'an AWS access key', shape: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { name: 'a GitHub token', shape: /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/ },
  { name: 'a GitLab token', shape: /\bglpat-[\w-]{20,}\b/ },
  { name: 'a Slack token', shape: /\bxox[abprs]-\d{9,}-[\w-]{10,}/ },
  { name: 'a Slack webhook', shape: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/\w{24}/ },
  { name: 'a live Stripe key', shape: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
  { name: 'a Stripe test key', shape: /\b[rs]k_test_[A-Za-z0-9]{24,}\b/, severity: 'warning' },
  { name: 'a webhook secret', shape: /\bwhsec_[A-Za-z0-9+/]{32,}=*/ },
  { name: 'an Anthropic key', shape: /\bsk-ant-(api|admin)\d\d-[\w-]{60,}/ },
  { name: 'an OpenAI key', shape: /\bsk-(proj-|svcacct-|admin-)?[\w-]{16,}T3BlbkFJ[\w-]{16,}/ },
  { name: 'a SendGrid key', shape: /\bSG\.[\w-]{20,24}\.[\w-]{40,}/ },
  { name: 'a Mailgun key', shape: /\bkey-[0-9a-f]{32}\b/ },
  { name: 'a Twilio key', shape: /\bSK[0-9a-f]{32}\b/ },
  { name: 'an npm token', shape: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { name: 'a Resend key', shape: /\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}\b/ },
  { name: 'a Telegram bot token', shape: /\b\d{8,10}:AA[\w-]{33}\b/ },
  { name: 'a Discord bot token', shape: /\b[MNO][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b/ },
  { name: 'a Google service key', shape: /\bAIza[\w-]{35}\b/, severity: 'warning' },
  { name: 'a Google OAuth secret', shape: /\bGOCSPX-[\w-]{28}\b/ },
  {
    name: 'a private key',
    shape: /-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----(\\[nr]|\s)+[A-Za-z0-9+/=\\\s]{150,}/,
  },
  {
    name: 'a private key (JWK)',
    shape: /\{(?=[^{}]*"kty"\s*:)(?=[^{}]*"d"\s*:\s*"[\w-]{20,}")[^{}]*\}/,
  },
  {
    // A JWT whose claims say the role, at any of base64's three alignments; not the key that every local Supabase has.
    name: 'a Supabase service-role key',
    shape:
      /\beyJ[\w-]{10,}\.(?!eyJpc3MiOiJzdXBhYmFzZS1kZW1v)[\w-]*(c2VydmljZV9yb2xl|NlcnZpY2Vfcm9sZ|zZXJ2aWNlX3JvbG)[\w-]*\.[\w-]{20,}/,
  },
  { name: 'a DigitalOcean token', shape: /\bdop_v1_[a-f0-9]{64}\b/ },
  { name: 'a Shopify token', shape: /\bshp(at|ca|pa|ss)_[a-fA-F0-9]{32}\b/ },
  { name: 'a Hugging Face token', shape: /\bhf_[A-Za-z]{34}\b/ },
];

/** The cheapest look for any of them. */
export const keyWord =
  /AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hooks\.slack|k_(live|test)_|whsec_|sk-|SG\.|key-|SK[0-9a-f]|npm_|re_|:AA|AIza|GOCSPX|PRIVATE KEY|"kty"|eyJ|dop_v1|shp|hf_|[MNO][A-Za-z\d]{23}/;

const url =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|ftp|smtps?):\/\/([^:\s/'"`$<{@]*):([^@\s'"`$<{]{3,})@([\w.-]+)/;

/** The password in the address of a server elsewhere; null for addresses of one's own machine, and for examples. */
export function passwordInUrl(text: string): string | null {
  const [, , password = '', host = ''] = url.exec(text) ?? [];
  if (password === '' || isPlaceholder(password) || !host.includes('.') || isLocal(host)) return null;
  return /example|your|host\.|domain|placeholder/i.test(host) ? null : password;
}

const isLocal = (host: string): boolean =>
  /^(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|host\.docker\.internal)|\.(local|internal|test)$/.test(host);

const words =
  /^<|>$|\$\{|\{\{|%\w+%|your|change.?(me|this|it)|replace|example|sample|preview|dummy|placeholder|insert|fixme|todo|redacted|x{4,}|\*{3,}|\.\.\.|…|not.?set|undefined|fake|mock|^test|test$|abc|1234|qwerty/i;
const plain =
  /^(pass|password|passwd|secret|postgres|postgresql|mysql|root|admin|user|username|guest|mongo|redis|none|null|true|false|token|key|apikey|default|development|dev|local)$/i;

/** True for what stands where a secret would, and is none. */
export const isPlaceholder = (text: string): boolean => words.test(text) || plain.test(text);

/** True for a text that looks drawn at random: long, letters and digits, hardly any repetition. */
export function isRandom(text: string): boolean {
  if (text.length < 16 || /\s/.test(text) || !/\d/.test(text) || !/[a-z]/i.test(text)) return false;
  if (/^(https?:|\/|\.|#|@|data:|[a-z]+:\/\/)/i.test(text) || /^\d{4}-\d\d-\d\d/.test(text)) return false;
  return bits(text) >= 3.2;
}

/** Shannon's measure of a text, in bits for each letter. */
function bits(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum -= (count / text.length) * Math.log2(count / text.length);
  return sum;
}

/** A secret as a message may show it: its first letters. */
export const redacted = (text: string): string => `${text.slice(0, Math.min(4, Math.floor(text.length / 3)))}…`;

const ownSecret =
  /^((NEXT_?AUTH|BETTER_AUTH|AUTH|APP|JWT|SESSION|COOKIE|TOKEN|ACCESS_TOKEN|REFRESH_TOKEN|ACCESS|REFRESH|ENCRYPTION|CRYPTO|HASH|SIGNING|SERVER|MASTER|ADMIN|API|CSRF|MY|JWT_\w+|\w+_JWT)_)?(SECRET|SECRET_KEY|SECRET_KEY_BASE)$|(^|_)(ENCRYPTION_KEY|SIGNING_KEY|MASTER_KEY|JWT_KEY|JWT_SECRET\w*|SESSION_KEY|COOKIE_KEY|ADMIN_PASSWORD|ADMIN_TOKEN)$|(jwt|session|cookie|(access|refresh)_?token)_?secret$/i;

/** What another provider gave: nobody signs in by it here. */
const ofOthers = /TWITTER|GOOGLE|GIT(HUB|LAB)|FACEBOOK|LINKEDIN|DISCORD|SLACK|STRIPE|AWS|PAYPAL|CLIENT|CONSUMER/i;

/**
 * The variable of the environment that an expression reads, where it holds a secret that the program itself signs or
 * encrypts with: `process.env.JWT_SECRET`, `config.get('SESSION_SECRET')`; null for any other.
 */
export function secretVariableIn(code: string): string | null {
  const read = /\benv(?:\.|\[['"])(\w+)|\.get(?:OrThrow)?(?:<[^>]*>)?\(\s*['"]([\w.]+)['"]/g;
  const names = [...code.matchAll(read)].map((match) => match[1] ?? match[2] ?? '');
  return names.find((name) => ownSecret.test(name) && !ofOthers.test(name)) ?? null;
}
