import { isCode } from '../detect/paths.ts';
import type {
  Choices,
  DesiredFile,
  Host,
  ImportExtension,
  Language,
  ModuleSystem,
  Skill,
  SkillFile,
} from '../model.ts';
import { parse } from '../patch/source.ts';
import { holds } from '../skills/when.ts';
import { sha256 } from '../text/hash.ts';
import { fitImports, relativeImport } from '../text/imports.ts';
import { toJavaScript } from '../text/javascript.ts';
import { joinPath } from '../text/path.ts';
import { isReadableCode } from '../text/readable.ts';
import { renderPath, renderTemplate } from '../text/render.ts';
import { type CodeStyle, restyle } from '../text/restyle.ts';
import { styleOf } from '../text/style.ts';
import { type Context, codeExtension, namesOfEach } from './wanted.ts';

/** The files a skill wants in this host, rendered in the host's language, module system, import style and code style. */
export function desiredFiles(skill: Skill, host: Host, choices: Choices, context: Context): DesiredFile[] {
  const values = { ...context, ...choices } as Readonly<Record<string, string>>;
  const suit = fitter(host, context);
  return skill.files.flatMap((file) =>
    instancesOf(file, choices)
      .map((each) => ({ ...values, ...namesOfEach(each) }))
      .filter((scope) => holds(file.when, scope))
      .map((scope) => {
        const path = joinPath(renderPath(file.to, scope));
        const rendered = textOf(skill, file, scope);
        if (skill.source !== undefined && isCode(path) && !isReadableCode(rendered))
          throw new Error(`"${file.from}" becomes ${path}, which is not valid code`);
        const text = suit(path, rendered);
        // Of the same text with any line endings: git may have given the host's files others since.
        return { path, kind: file.kind, text, rendered: sha256(text.replaceAll('\r\n', '\n')) };
      })
      // A file of types alone is nothing in JavaScript.
      .filter(({ text }) => text.trim() !== ''),
  );
}

const instancesOf = ({ each }: SkillFile, choices: Choices): string[] => {
  if (each === undefined) return [''];
  const values = choices[each];
  return Array.isArray(values) ? [...values] : [];
};

function textOf(skill: Skill, file: SkillFile, scope: Readonly<Record<string, unknown>>): string {
  const from = renderPath(file.from, scope);
  const text = skill.texts.get(from);
  if (text === undefined) throw new Error(`The skill "${skill.id}" names "${from}", which it does not have.`);
  return from.endsWith('.hbs') ? renderTemplate(text, scope, `${skill.id}/${from}`) : text;
}

/** How this host's files are written. */
interface Manner {
  language: Language;
  module: ModuleSystem;
  importExtension: ImportExtension;
  style: CodeStyle;
}

/** From a rendered template to the text that suits the host. */
function fitter(host: Host, context: Context): (path: string, text: string) => string {
  const { language, moduleSystem, importExtension } = host.profile;
  const style = hostStyle(host);
  const manner = {
    language: language.value,
    module: moduleSystem.value,
    importExtension: importExtension.value,
    style,
  };
  const code = codeExtension(host);
  return (path, text) => {
    if (path.endsWith(`.${code}`)) return suited(place(text, path, String(context.dir), code), manner);
    // A script that is plain JavaScript in every host (.mjs beside .ts) keeps its own kind.
    return /\.[cm]?js$/.test(path) ? restyle(text, style) : text.replaceAll('\n', style.eol);
  };
}

const remembered = new Map<string, string>();

/** Code in the host's manner. Remembered, because the plans of one run share most of their files. */
function suited(text: string, manner: Manner): string {
  const key = JSON.stringify([manner, text]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const script = manner.language === 'js' ? toJavaScript(text, manner.module) : text;
  const result = restyle(fitImports(script, manner.importExtension), manner.style);
  if (remembered.size >= 2_000) remembered.clear();
  remembered.set(key, result);
  return result;
}

/** `#module/x.js` (a file of the module) and `#host/src/db.ts` (a file of the host's) as imports relative to `path`. */
function place(text: string, path: string, dir: string, code: string): string {
  return text.replaceAll(/(['"])#(module|host)\/([^'"]+)\1/g, (_, quote: string, kind: string, target: string) => {
    const file = kind === 'host' ? target : `${joinPath(dir, target).replace(/\.js$/, '')}.${code}`;
    return `${quote}${relativeImport(path, file, '.js')}${quote}`;
  });
}

/** Indent, quotes, semicolons and line ends of the host, as its entry (or the first file of its source folder) has them. */
function hostStyle({ tree, profile }: Host): CodeStyle {
  const folder = profile.sourceFolder.value;
  const candidates = [profile.entry.value, ...tree.list(folder).map((name) => joinPath(folder, name))];
  const path = candidates.find((candidate) => candidate !== null && isCode(candidate) && tree.read(candidate));
  const text = path ? (tree.read(path) ?? '') : '';
  const { quote, semicolons, unit } = styleOf(parse(text, path ?? 'sample.ts').source);
  return { quote, semicolons, indent: unit, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
