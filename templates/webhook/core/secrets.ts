/**
 * The secrets that may have signed: `<variable>`, and `<variable>_PREVIOUS` while one is being rotated.
 * Null where the first is missing, or one is what the example file says, which everybody knows, or has blanks around it:
 * a newline pasted along makes a secret that never matches.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>, variable: string): string[] | null {
  const current = env[variable];
  if (!current) return null;
  const previous = env[`${variable}_PREVIOUS`];
  const secrets = previous ? [current, previous] : [current];
  return secrets.every(isUsable) ? [...new Set(secrets)] : null;
}

const isUsable = (secret: string): boolean => secret === secret.trim() && !secret.endsWith('replace_me');
