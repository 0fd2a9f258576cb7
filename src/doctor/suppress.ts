import type { Finding } from '../model.ts';
import type { Found } from './examine.ts';
import type { Project } from './project.ts';

/** A comment that tells doctor to let a finding be. */
interface Comment {
  path: string;
  /** The comment's own line, 1-based. */
  line: number;
  /** The line that it speaks of; null for the whole file. */
  of: number | null;
  rules: readonly string[];
  reason: string | null;
}

const comment = /(?:\/\/|\/\*|#|--|<!--|^\s*\*)\s*backend-skills-ignore(-next-line|-line|-file)?\b([^\n]*)/;

/** The comments of a file. Without a suffix one speaks of its own line, or of the next where it stands alone. */
function commentsIn(path: string, text: string): Comment[] {
  if (!text.includes('backend-skills-ignore')) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index): Comment[] => {
    const match = comment.exec(line);
    if (!match) return [];
    const [, suffix = '', rest = ''] = match;
    const [names = '', ...reasons] = rest.replace(/\*\/.*$|-->.*$/, '').split(/\s--\s/);
    const rules = names.split(/[\s,]+/).filter((name) => name !== '');
    const reason = reasons.join(' -- ').trim() || null;
    const own = { path, line: index + 1, rules, reason };
    if (suffix === '-file') return [{ ...own, of: null }];
    // `{/* … */}` of JSX, `///` of Prisma, a line of `/** … */`: nothing else is on the line.
    const alone = /^[\s{/*#-]*$/.test(line.slice(0, match.index));
    const isNext = suffix === '-next-line' || (suffix === '' && alone);
    return [{ ...own, of: isNext ? codeBelow(lines, index) : index + 1 }];
  });
}

/** The first line below that is no comment of this kind, not the end of one, and not empty. */
function codeBelow(lines: readonly string[], index: number): number {
  let at = index + 1;
  while (at < lines.length && (/^\s*(\*\/)?\s*$/.test(lines[at] ?? '') || comment.test(lines[at] ?? ''))) at++;
  return at + 1;
}

type Note = Pick<Finding, 'rule' | 'severity' | 'confidence' | 'path' | 'line' | 'message' | 'fix'>;

export interface Suppressed {
  findings: readonly Found[];
  /** What is wrong with the comments themselves: unused, of no rule, without a reason. */
  notes: readonly Note[];
}

/**
 * Marks the findings that comments tell to let be. `ran`: the rules of this run (a comment for another is not unused);
 * `known`: all rules there are. With `strict` a comment needs a reason.
 */
export function suppress(
  project: Project,
  findings: readonly Found[],
  { ran, known, strict }: { ran: ReadonlySet<string>; known: ReadonlySet<string>; strict: boolean },
): Suppressed {
  const comments = project.files.flatMap((path) => {
    const text = readable.test(path) ? project.tree.read(path) : null;
    return text === null ? [] : commentsIn(path, text);
  });
  if (comments.length === 0) return { findings, notes: [] };
  const used = new Set<string>();
  const marked = findings.map((finding): Found => {
    const spoken = comments.find(
      ({ path, of, rules }) =>
        path === finding.path && (of === null || of === finding.line) && rules.includes(finding.rule),
    );
    if (!spoken) return finding;
    used.add(`${spoken.path}:${spoken.line}:${finding.rule}`);
    return { ...finding, suppressed: { kind: 'inSource', justification: spoken.reason ?? 'no reason given' } };
  });
  const notes = comments.flatMap((one) => one.rules.flatMap((rule) => notesOf(one, rule, { ran, known, used })));
  const bare = comments.filter(({ rules, reason }) => rules.length === 0 || (strict && reason === null));
  return { findings: marked, notes: [...notes, ...bare.map(bareNote)] };
}

const readable =
  /\.([cm]?[jt]sx?|sql|ya?ml|json|env|prisma|toml)$|(^|\/)(Dockerfile|Containerfile|\.env)[^/]*$|\.dockerignore$/;

function notesOf(
  { path, line }: Comment,
  rule: string,
  { ran, known, used }: { ran: ReadonlySet<string>; known: ReadonlySet<string>; used: ReadonlySet<string> },
): Note[] {
  const at = { path, line, severity: 'warning', confidence: 'certain' } as const;
  if (!known.has(rule))
    return [
      {
        ...at,
        rule: 'doctor/unknown-rule',
        message: `There is no rule ${rule} to ignore.`,
        fix: 'Correct the name of the rule, or delete the comment.',
      },
    ];
  if (!ran.has(rule) || used.has(`${path}:${line}:${rule}`)) return [];
  return [
    {
      ...at,
      rule: 'doctor/unused-ignore',
      message: `${rule} finds nothing here any more.`,
      fix: 'Delete the comment.',
    },
  ];
}

const bareNote = ({ path, line, rules }: Comment): Note => ({
  path,
  line,
  severity: 'warning',
  confidence: 'certain',
  ...(rules.length === 0
    ? {
        rule: 'doctor/unknown-rule',
        message: 'This comment names no rule to ignore.',
        fix: 'Name the rule: backend-skills-ignore <rule> -- <reason>.',
      }
    : {
        rule: 'doctor/no-reason',
        message: 'This comment gives no reason.',
        fix: `Add one: backend-skills-ignore ${rules.join(', ')} -- <reason>.`,
      }),
});
