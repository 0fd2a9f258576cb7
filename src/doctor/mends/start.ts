import { asObject, asString, readJson } from '../../detect/json.ts';
import { type Dockerfile, finalStages, type Step } from '../files/dockerfile.ts';
import { isSource, type Project } from '../project.ts';
import type { Mend } from '../rule.ts';

/** Words that a shell would leave as they are. */
const plain = /^[\w@%+:,./-]+( +[\w@%+=:,./-]+)*$/;

/**
 * `CMD ["node", "server.js"]` for `CMD node server.js`, and for `CMD ["npm", "start"]` where that script is such a line.
 * None where the shell or the package manager does more than to start it.
 */
export function direct(project: Project, file: Dockerfile, step: Step): Mend[] {
  const chain = finalStages(file);
  const steps = chain.flatMap((stage) => stage.steps);
  const others = steps.filter(
    ({ keyword }) => keyword === 'SHELL' || keyword === (step.keyword === 'CMD' ? 'ENTRYPOINT' : 'CMD'),
  );
  const written = file.text.slice(step.raw.start, step.raw.end);
  if (others.length > 0 || written.includes('\n') || !chain.some(({ image }) => /(^|\/)node(:|@|$)/.test(image)))
    return [];
  const line =
    step.words === null ? step.text : step.words.every((word) => plain.test(word)) ? step.words.join(' ') : '';
  const words = nodeLine(line) ?? nodeLine(scriptOf(project, file, steps, line) ?? '');
  return words === null
    ? []
    : [{ path: file.path, ...step.raw, text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]` }];
}

/** The words of a line that starts Node and nothing else. */
const nodeLine = (line: string): string[] | null => (/^node /.test(line) && plain.test(line) ? line.split(/ +/) : null);

/** What `npm start` and the like run, where the package manager adds nothing that the program could see. */
function scriptOf(project: Project, { path }: Dockerfile, steps: readonly Step[], line: string): string | null {
  const [, named, started] = /^(?:npm|yarn|pnpm) (?:run (\S+)|(start))$/.exec(line) ?? [];
  const name = named ?? started;
  // In the folder where it starts there must be the manifest that was read here.
  const isCopied = steps.some(
    ({ keyword, text }) =>
      keyword === 'COPY' && /(^|\s)(\S*\/)?(\.|package\*?\.json)\s/.test(` ${text}`) && /\s(\.\/?|\/\S+)$/.test(text),
  );
  if (name === undefined || path.includes('/') || !isCopied || project.tree.has('.npmrc')) return null;
  const scripts = asObject(readJson(project.tree, 'package.json')?.scripts) ?? {};
  if (`pre${name}` in scripts || `post${name}` in scripts) return null;
  const asks = project.files.some((one) => {
    const text = /\.[cm]?[jt]sx?$/.test(one) ? project.tree.read(one) : null;
    return text !== null && isSource(one, text) && /\bnpm_(package|lifecycle|config)_/.test(text);
  });
  return asks ? null : asString(scripts[name]);
}
