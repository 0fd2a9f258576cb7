import { kindOf, type Project } from '../project.ts';

const known = new WeakMap<Project, Map<string, boolean>>();

/** True where some schema of the project caps a field of this name; of one that a schema has let through also where no schema of it is found. */
export function isCappedByName(project: Project, name: string, isChecked: boolean): boolean {
  const before = known.get(project) ?? new Map<string, boolean>();
  known.set(project, before);
  const key = `${name} ${isChecked}`;
  const answer = before.get(key) ?? looked(project, name, isChecked);
  before.set(key, answer);
  return answer;
}

const open = new WeakMap<Project, Map<string, boolean>>();

/** True where endpoints of the project give everything unless the client says how much: `req.query.limit || 0`, in two places at least. */
export function isAllByDesign(project: Project, name: string): boolean {
  const before = open.get(project) ?? new Map<string, boolean>();
  open.set(project, before);
  const all = new RegExp(
    `\\bquery\\??\\.${name.replace(/\W/g, '\\$&')}\\)*\\s*(\\|\\||\\?\\?)\\s*['"]?0\\b(?!\\.)`,
    'g',
  );
  const places = (path: string): number =>
    /\.[cm]?[jt]sx?$/.test(path) ? [...(project.tree.read(path) ?? '').matchAll(all)].length : 0;
  const answer = before.get(name) ?? project.files.reduce((sum, path) => sum + places(path), 0) > 1;
  before.set(name, answer);
  return answer;
}

function looked(project: Project, name: string, isChecked: boolean): boolean {
  const fields = project.files.flatMap((path) => {
    if (!/\.[cm]?[jt]sx?$/.test(path)) return [];
    const text = project.tree.read(path) ?? '';
    return text.includes(name) && kindOf(path, text) === 'app' ? fieldsIn(text, name) : [];
  });
  return fields.length === 0 ? isChecked : fields.some((one) => capping.test(one));
}

/** Words that say how high a value may be, or that cannot be read here. */
const capping =
  /\bmax\w*\b|\blte?\(|\bless\(|between\(|range\(|\.(pipe|transform|refine|superRefine|valid|custom|check|test|overwrite)\(|\benum|literal|union\(|@(Max|IsIn|IsEnum|Transform|Validate)\b|\bmin\(\s*[A-Z_a-z.]|Math\.|clamp|Schema\b|\.\.\./i;

/** What schemas say of a field: `limit: z.coerce.number()`, `@Min(1) limit?: number`, `limit: { type: 'integer' }`, `query('limit').isInt()`. */
function fieldsIn(text: string, name: string): string[] {
  const ofCalls = new RegExp(
    `(?<![\\w$.])['"]?${name}['"]?\\s*:\\s*((?:\\w+\\.)*(?:z|zod|joi|yup|t|Type|v|vine|s|number|string|coerce)\\s*\\.[^;]*?)(?=,\\s*(?:\\n|//)|\\n\\s*\\}|\\}\\)|;|$)`,
    'gi',
  );
  const ofJson = new RegExp(`(?<![\\w$.])['"]?${name}['"]?\\s*:\\s*(\\{[^{}]*\\btype\\s*:[^{}]*\\})`, 'g');
  const ofNames = new RegExp(
    `(?<![\\w$.])${name}\\s*:\\s*(\\w*Schema\\b|[a-z]\\w*(?:Limit|Size|Validat\\w*)\\b(?!\\s*[=?]))`,
    'g',
  );
  const ofChecks = new RegExp(`\\b(?:query|check|body|param)\\(\\s*\\[?['"]${name}['"][^;]*?(?=,\\s*\\n|;)`, 'g');
  const ofClasses = new RegExp(`[;{]([^;{]*@[A-Z]\\w*\\([^;]*?)\\n\\s*(?:public |readonly )*${name}[?!]?\\s*[:=]`, 'g');
  return [ofCalls, ofJson, ofNames, ofChecks, ofClasses].flatMap((one) =>
    [...text.matchAll(one)].map(([all, field]) => field ?? all),
  );
}
