/**
 * The secrets that may have signed: `<variable>`, and `<variable>_PREVIOUS` while one is being rotated.
 * Null where the first is missing, or one has blanks around it: a newline pasted along makes a secret that never matches.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>, variable: string): string[] | null {
  const current = env[variable];
  if (!current) return null;
  const secrets = [current, env[`${variable}_PREVIOUS`] || current];
  return secrets.every((secret) => secret === secret.trim()) ? [...new Set(secrets)] : null;
}
