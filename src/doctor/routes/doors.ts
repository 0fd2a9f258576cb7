import type { Source } from '../code/source.ts';
import type { Route } from './routes.ts';

/** Paths at which somebody signs in, by a password or a code. */
export const signingIn =
  /log-?in|sign-?in|authenticat|(^|\/)(auth|sessions?|tokens?)(\/(password|email|local|credentials))?\/?$|(?<!forg)otp|2fa|totp|verify|credentials|^\/?$/i;
const registering = /regist|sign-?up/i;
/** Paths at which whoever knows an address has a mail sent. */
const mailing = /(^|[/_-])(forgot|send|resend|request|recover)([-_/]|[A-Z]|$)|password[-_/](forgot|recover\w*|request)/;

/**
 * True for a path where there is surely something to try, or to set off: a new account, or a new password by a token
 * that was drawn at random, lets nobody into what is somebody else's; and who is known has mails sent to himself.
 */
export const isDoor = (path: string, isKnown = false): boolean =>
  signingIn.test(path) || (mailing.test(path) && !/:/.test(path) && !isKnown);

/** A link's own token in the path (`/reset-password/:token`): it was drawn at random, and cannot be tried. */
export const isOfLink = (path: string): boolean => /:\w*(token|hash|uuid|guid|key|signature|jwt)\b/i.test(path);

/** True where the schema of a route asks for a UUID as its code: it was drawn at random too. */
export const takesDrawn = (source: Source, { options }: Route): boolean =>
  options !== null &&
  /\b(code|token|secret)\w*['"]?\s*:\s*[\w.()]*(\buuid\(|\{[^{}]*['"]uuid['"])/i.test(source.textOf(options));

/** What is said of the paths of one file that nothing limits. */
export function wordsFor(paths: readonly string[]): { message: string; fix: string } {
  const [first = '', ...more] = [...new Set(paths)];
  const also =
    more.length === 0
      ? ''
      : `, nor ${more.slice(0, 4).join(', ')}${more.length > 4 ? ` and ${more.length - 4} more` : ''}`;
  const harm =
    signingIn.test(first) || !/passw|forgot|regist|sign-?up|mail|send|link|reset/i.test(first)
      ? 'passwords and codes can be tried on it as fast as it answers'
      : registering.test(first)
        ? 'accounts can be made on it as fast as it answers, and addresses tried for who has one'
        : paths.every((path) => mailing.test(path))
          ? 'mails go out as fast as it answers, to whoever is named'
          : 'mails go out and codes can be tried as fast as it answers';
  return {
    message: `Nothing limits ${first}${also}: ${harm}.`,
    fix: 'Put a limiter before it, by account and by address: `backend-skills add rate-limit`.',
  };
}
