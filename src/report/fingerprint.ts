import type { Finding } from '../model.ts';
import { sha256 } from '../text/hash.ts';
import { joinPath } from '../text/path.ts';

/**
 * A hash per finding by which the next run knows it again: of its rule, its place from the repository's root and what
 * it says, with a count among equals; without its line, which moves. A finding's own fingerprint is kept.
 */
export function fingerprintsOf(findings: readonly Finding[], base: string): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, path, message, fingerprint, package: name }) => {
    // Its own is that of its package alone, where another may have the same.
    if (fingerprint !== undefined)
      return name === undefined ? fingerprint : sha256(`${name}\n${fingerprint}`).slice(0, 32);
    const key = [rule, path === null ? base : joinPath(base, path), message].join('\n');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return sha256(`${key}\n${nth}`).slice(0, 32);
  });
}
