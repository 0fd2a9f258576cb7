import type { Found } from '../doctor/examine.ts';
import { rules } from '../doctor/rules/index.ts';
import { trustedLock } from '../lock/lock.ts';
import type { Choices, Skill } from '../model.ts';
import type { AuditedPart } from './audits.ts';
import type { Context } from './context.ts';

/** Findings of one package that a skill settles. */
interface Offer {
  skill: string;
  part: AuditedPart;
  findings: readonly Found[];
}

/** The skills that settle findings and are not in their package yet. */
function offersFor(parts: readonly AuditedPart[], keep: (finding: Found) => boolean, { catalogue }: Context): Offer[] {
  const there = new Set(catalogue.manifests().map(({ id }) => id));
  return parts.flatMap((part) => {
    const added = trustedLock(part.tree).skills;
    const settled = new Map<string, Found[]>();
    for (const finding of part.findings) {
      const remedy = rules.find(({ id }) => id === finding.rule)?.remedy;
      if (typeof remedy !== 'object' || !there.has(remedy.skill) || remedy.skill in added) continue;
      if (finding.suppressed !== undefined || !keep(finding)) continue;
      settled.set(remedy.skill, [...(settled.get(remedy.skill) ?? []), finding]);
    }
    return [...settled].map(([skill, findings]) => ({ skill, part, findings }));
  });
}

/** The one command that would settle most of what was found, in words; null where there is none. */
export function bestCommand(
  parts: readonly AuditedPart[],
  keep: (finding: Found) => boolean,
  context: Context,
): string | null {
  const findings = parts.flatMap((part) => part.findings).filter(keep);
  const mended = findings.filter(({ edits, suppressed }) => edits.length > 0 && suppressed === undefined).length;
  const commands = [
    { line: 'doctor --fix', does: 'mends', count: mended, after: ' (undo takes it back)' },
    ...offersFor(parts, keep, context).map((offer) => ({
      line: `add ${offer.skill}${whereOf(offer)}`,
      does: 'settles',
      count: offer.findings.length,
      after: '',
    })),
  ];
  const [best] = commands.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return best === undefined ? null : `backend-skills ${best.line} ${best.does} ${best.count} of these${best.after}`;
}

const whereOf = ({ findings }: Offer): string => {
  const name = findings[0]?.package;
  return name === undefined ? '' : ` --package ${name}`;
};

/** Asks, for each skill that settles findings and is not here yet, whether to add it; where nobody can answer, says how. */
export async function offerSkills(
  parts: readonly AuditedPart[],
  keep: (finding: Found) => boolean,
  written: readonly string[],
  context: Context,
): Promise<void> {
  const { terminal } = context;
  const { paint } = terminal;
  for (const offer of offersFor(parts, keep, context)) {
    const { skill, part, findings } = offer;
    const name = findings[0]?.package;
    const settles = `It settles ${findings.length === 1 ? 'one finding' : `${findings.length} findings`}${name === undefined ? '' : ` of ${name}`}.`;
    if (!terminal.interactive) {
      terminal.remark(`${paint.dim(paint.mark.arrow)} backend-skills add ${skill}${whereOf(offer)}: ${settles}`);
      continue;
    }
    if (!(await terminal.confirm(`Add ${skill}? ${settles}`, true))) continue;
    const { add } = await import('./add.ts');
    const { addOptions } = await import('./flags.ts');
    const inPart = name === undefined ? context : { ...context, packageName: name };
    const cut = (path: string): string => (part.folder === '' ? path : path.slice(part.folder.length + 1));
    const asked = answered(context.catalogue.skill(skill), part, findings);
    const code = await add(
      [skill],
      { ...addOptions({}, [skill], context.catalogue), asked, written: written.map(cut) },
      inPart,
    );
    if (code !== 0) continue;
    const places = findings.map(({ path, line }) => (line === null ? path : `${path}:${line}`)).join(', ');
    terminal.say(`${paint.dim(paint.mark.arrow)} Then look at ${places}, where it was missed.`);
    if (written.length > 0) terminal.remark(paint.dim('undo takes back the module; what was mended before stays.'));
  }
}

/**
 * What the findings answer of a skill's questions: what their rules say, whose names stand in their lines (a provider's,
 * in its route), and a path that nothing answers yet.
 */
function answered({ choices }: Skill, { tree, folder }: AuditedPart, findings: readonly Found[]): Choices {
  const told = findings.map(({ rule }) => rules.find(({ id }) => id === rule)?.remedy);
  const asked: Record<string, Choices[string]> = {};
  for (const remedy of told) if (typeof remedy === 'object') Object.assign(asked, remedy.choices);
  const texts = findings.map(({ path }) =>
    path === null ? '' : (tree.read(path.slice(folder === '' ? 0 : folder.length + 1)) ?? ''),
  );
  const lines = findings.map(({ line, message }, n) =>
    `${message} ${texts[n]?.split('\n')[(line ?? 1) - 1] ?? ''}`.toLowerCase(),
  );
  for (const [name, { kind, options, defaults }] of Object.entries(choices)) {
    if (kind === 'many' && options) {
      const named = Object.keys(options).filter((option) =>
        lines.some((line) => new RegExp(`\\b${option}\\b`).test(line)),
      );
      if (named.length > 0) asked[name] = named;
    }
    const [first] = defaults;
    if (name !== 'path' || typeof first?.value !== 'string') continue;
    const usual = first.value;
    if (texts.some((text) => new RegExp(`['"\`]${usual}(/|['"\`])`).test(text)))
      asked[name] = `/signed-${usual.slice(1)}`;
  }
  return asked;
}
