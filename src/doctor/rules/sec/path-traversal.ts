import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { callsOf } from '../../code/callers.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { functionAround, type Source } from '../../code/source.ts';
import { isNear } from '../../flow/near.ts';
import { roleAt } from '../../flow/request.ts';
import type { Following } from '../../flow/search.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { isWholeBody } from '../../flow/whole.ts';
import { defineRule, type Words } from '../../rule.ts';

type Call = Extract<Syntax, { type: 'CallExpression' }>;

const files =
  /^(fs|fs\/promises|fs-extra|graceful-fs)#(default\.)?(promises\.)?(readFile|readFileSync|writeFile|writeFileSync|appendFile|appendFileSync|createReadStream|createWriteStream|unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|readdir|readdirSync|open|openSync|mkdir|mkdirSync|copyFile|copyFileSync|rename|renameSync|readJson|readJSON|writeJson|outputFile|remove|removeSync|move|copy|cp)$|^#(Bun\.(file|write)|Deno\.(readFile|readTextFile|writeFile|writeTextFile|remove|open))$/;
const twoPaths = /(copyFile|rename|move|copy|cp)(Sync)?$/;
/** Functions that resolve a path, or make the folders that it leads through. */
const makesFolders = /(mkdir\w*|outputFile|sendFile|sendfile|download)$/;
/** Calls after which a value is one plain name. */
const following: Following = {
  without: '/',
  cleans: ({ callee }, origin) =>
    /(^|[.#])(basename|extname)$|saniti[sz]e|slug|safe/i.test(origin ?? '') || isBasename(callee) || isPiece(callee),
};
/** `name.split('.').pop()`: a piece between two dots, or two slashes, leads nowhere. */
const isPiece = (callee: Syntax): boolean => {
  const cut = callee.type === 'MemberExpression' && isNamed(callee, /^(pop|shift|at)$/) ? unwrap(callee.object) : null;
  const [by] = cut?.type === 'CallExpression' && isNamed(unwrap(cut.callee), /^split$/) ? cut.arguments : [];
  return by?.type === 'Literal' && (by.value === '.' || by.value === '/');
};
const isNamed = (node: Syntax, name: RegExp): boolean =>
  node.type === 'MemberExpression' && node.property.type === 'Identifier' && name.test(node.property.name);
const isBasename = (callee: Syntax): boolean =>
  callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'basename';
/** Names and paths that the server or its upload parser made. */
const uploaded =
  /\b(req|request)\.files?\b|\bfiles?\??\.(path|filename|filepath|tempFilePath|destination|originalname|originalFilename|newFilename|key)\b/;

export const pathTraversal = defineRule({
  id: 'sec/path-traversal',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'The client chooses a file outside of the folder that was meant.',
  why: 'A name such as `../../.env`, sent as `%2e%2e%2f`, leads `path.join` out of its folder: the client reads secrets and sources, or writes files that the server runs. Resolve the path, and go on only where it lies below the folder (`resolved.startsWith(root + path.sep)`); or take `path.basename(name)`; or keep an id in the database that says which file it is. `res.sendFile(name, { root })` refuses to leave the root.',
  remedy: { skill: 'uploads' },
  owasp: 'API8',
  securitySeverity: 7.5,
  mentions: /\b(fs|fs-extra|graceful-fs|sendFile|download|Bun|Deno)\b|fs\/promises|\.render\(|unzip|[zZ]ip\b/,
  file: (source, tell) => ({
    CallExpression(node) {
      const view = viewOptions(source, node);
      if (view) tell(node, view);
      const page = chosenView(source, node);
      if (page) tell(node, page);
      for (const path of pathsOf(source, node)) {
        const words = wordsFor(source, path, node);
        if (words) {
          tell(node, words);
          return;
        }
      }
    },
  }),
});

function wordsFor(source: Source, path: Syntax, node: Call): Words | null {
  const name = source.textOf(node.callee);
  const fix = 'Resolve the path and go on only where it starts with the folder, or take path.basename() of the name.';
  const entry = zipEntry(source, path, node);
  if (entry !== null)
    return {
      message: `${entry} is written by who made the archive: "../" in it makes ${name}() write outside of the folder.`,
      fix,
    };
  const taint = taintOf(source, path, following);
  if (
    !isSent(taint) ||
    uploaded.test(`${source.textOf(path)}\n${names(source, path)}`) ||
    isGuarded(source, path, node)
  )
    return null;
  const message = `What the client sends becomes a path in ${name}(): "../" in it leads out of the folder.`;
  if (isForDevelopment(source, node)) return { message, fix, severity: 'info', confidence: 'hint' };
  const isTaken = !makesFolders.test(name) && isGlued(source, path);
  if (taint !== 'request' || isTaken) return { message, fix, severity: 'warning', confidence: 'hint' };
  const words: Words = hasEnding(source, path) ? { message, fix, severity: 'warning' } : { message, fix };
  return isNear(source, path, following) ? words : { ...words, confidence: 'hint' };
}

/** Code that gives pages to Vite's server for development, and knows of no other: only who writes the program asks it. */
function isForDevelopment(source: Source, node: Syntax): boolean {
  const around = functionAround(source, node);
  return (
    around !== null && /\.transformIndexHtml\(/.test(source.textOf(around)) && !/prod/i.test(source.textOf(around))
  );
}

/**
 * `exports/note_${id}.pdf`, given to the file system as it stands: "../" in the id leads out only where there is a
 * folder that is called `note_..`. What joins paths, and who sends files, reckons with the dots before.
 */
function isGlued(source: Source, path: Syntax): boolean {
  const node = constantOf(source, path) ?? unwrap(path);
  const fn = functionAround(source, node);
  const binding = node.type === 'Identifier' ? bindingOf(source, node) : null;
  if (binding?.kind === 'parameter' && fn !== null && binding.path.length === 0) {
    const index = fn.params.findIndex((one: Syntax) => one === binding.declaration);
    const given = callsOf(source, fn).flatMap(({ source: from, call }) => {
      const one = call.arguments[index];
      return one && isSent(taintOf(from, one, following)) && !isGuarded(from, one, call) ? [isGlued(from, one)] : [];
    });
    return given.length > 0 && given.every((one) => one);
  }
  if (node.type !== 'TemplateLiteral') return false;
  return node.expressions.every(
    (one, index) => !isSent(taintOf(source, one, following)) || /[^/.]$/.test(node.quasis[index]?.value.raw ?? ''),
  );
}

/** True for a path whose last letters are written here: only files of that kind can be reached. */
function hasEnding(source: Source, path: Syntax, depth = 0): boolean {
  const node = unwrap(path);
  const value = constantOf(source, node);
  if (value && depth < 4) return hasEnding(source, value, depth + 1);
  const last =
    node.type === 'CallExpression' ? node.arguments.at(-1) : node.type === 'BinaryExpression' ? node.right : null;
  if (node.type === 'TemplateLiteral') return /\.\w+$/.test(node.quasis.at(-1)?.value.raw ?? '');
  if (node.type === 'Literal') return typeof node.value === 'string' && /\.\w+$/.test(node.value);
  return last !== null && last !== undefined && depth < 4 && hasEnding(source, last, depth + 1);
}

/** The arguments of a call that are paths: of the file system's functions, and of responses that send files. */
function pathsOf(source: Source, node: Call): Syntax[] {
  const [first, second] = node.arguments;
  if (!first) return [];
  const origin = originOf(source, node.callee);
  if (origin !== null && files.test(origin)) return twoPaths.test(origin) && second ? [first, second] : [first];
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  if (!/^(sendFile|sendfile|download)$/.test(callee.property.name)) return [];
  const isExpress =
    /^(res|resp|response)$/.test(root(source, callee.object)) || roleAt(source, callee.object) === 'response';
  const isRooted = node.arguments.some(
    (one) => /\broot\b/.test(source.textOf(one)) && unwrap(one).type === 'ObjectExpression',
  );
  return isExpress && !isRooted && !/^reply$/.test(root(source, callee.object)) ? [first] : [];
}

function root(source: Source, node: Syntax): string {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression' && inner.callee.type === 'MemberExpression')
    return root(source, inner.callee.object);
  return source.textOf(inner);
}

/** Libraries that give the names of an archive as they stand in it. */
const archives = /unzipper|adm-zip|yauzl|node-stream-zip|tar-stream|decompress/;
/** JSZip did so until 3.8: since then it makes names relative while it loads. */
const keepsNames = ({ text, project }: Source): boolean =>
  text.includes('jszip') && /^(\^?[12]\b|[~=]?3\.[0-7]\b)/.test(project.dependencies.get('jszip') ?? '');

/** `entry.path` of an archive that is unpacked by hand, where nobody looks whether it stays inside. */
function zipEntry(source: Source, path: Syntax, node: Call): string | null {
  if (!archives.test(source.text) && !keepsNames(source)) return null;
  if (!/(createWriteStream|writeFile\w*|outputFile)$/.test(source.textOf(node.callee))) return null;
  const scope = functionAround(source, node);
  if (!scope || /startsWith\(|\brelative\(|basename\(|\.\.['"`/]|sanitiz/i.test(source.textOf(scope))) return null;
  const found = /\b(entry|file|zipEntry|header)\.(path|fileName|entryName|name)\b/.exec(
    `${source.textOf(path)}\n${names(source, path)}`,
  );
  return found ? found[0] : null;
}

/** The values of the names in an expression. */
function names(source: Source, node: Syntax): string {
  const parts: string[] = [];
  const step = (one: Syntax): void => {
    const inner = unwrap(one);
    if (inner.type === 'Identifier') {
      const init = bindingOf(source, inner)?.init;
      if (init) parts.push(source.textOf(init));
    }
    if (inner.type === 'BinaryExpression') [inner.left, inner.right].forEach(step);
    if (inner.type === 'TemplateLiteral') inner.expressions.forEach(step);
    if (inner.type === 'CallExpression') inner.arguments.forEach(step);
  };
  step(node);
  return parts.join('\n');
}

/** `res.render(req.params.page)`: the view's name leads out of the folder of views as well. */
function chosenView(source: Source, node: Call): Words | null {
  const callee = unwrap(node.callee);
  const [view] = node.arguments;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || !view) return null;
  if (callee.property.name !== 'render' || !/^(res|resp|response)$/.test(root(source, callee.object))) return null;
  if (taintOf(source, view, following) !== 'request' || isGuarded(source, view, node)) return null;
  return {
    message: `The client chooses the view that ${source.textOf(callee)}() shows: "../" in its name leads to any other template that the server may read.`,
    fix: 'Look the view up in a table of those that may be shown.',
    severity: 'warning',
  };
}

/** `res.render('page', req.body)`: the client sets the engine's own options as well, such as the layout's file. */
function viewOptions(source: Source, node: Call): Words | null {
  const callee = unwrap(node.callee);
  const [, values] = node.arguments;
  if (
    callee.type !== 'MemberExpression' ||
    callee.property.type !== 'Identifier' ||
    callee.property.name !== 'render' ||
    !values
  )
    return null;
  const own = unwrap(values);
  const isSpread =
    own.type === 'ObjectExpression' && own.properties.some((one) => one.type === 'Property' && keyOf(one) === 'layout');
  if (isSpread || !isWholeBody(source, values)) return null;
  return {
    message: `${source.textOf(callee)}() is given all that the client sent: a field named "layout" or "settings" is an option of the view engine, and lets it read other files.`,
    fix: 'Give the view the fields that it shows, by name.',
  };
}
