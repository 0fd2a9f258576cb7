import { keyOf, type Syntax, unwrap } from '../../text/syntax.ts';
import { placeOf } from '../code/definition.ts';
import { exportNode, type Place } from '../code/exports.ts';
import type { Source } from '../code/source.ts';
import { prismaSchemas } from '../code/workspace.ts';
import { madeModel } from './named-models.ts';
import { sequelizeModel } from './sequelize-models.ts';

/** A field that rows of a model have; `isOwner` where it points at an account, or is for somebody else than its writer to decide. */
interface ModelField {
  name: string;
  isOwner: boolean;
  /** Who may read a row is for who writes it to say: an enum of 'public' and 'private'. */
  isShown?: boolean;
}

const accounts = 'users?|accounts?|members?|customers?|admins?|tenants?|org\\w*|workspaces?|teams?|compan(y|ies)';
const owning = new RegExp(`\\b(ref|model)\\s*:\\s*['"\`](${accounts})['"\`]`, 'i');
const accountName = new RegExp(`^(${accounts})$`, 'i');
const shown = /\benum\s*:\s*\[[^\]]*['"`](public|private)['"`]/i;
/** A status that somebody else decides on. */
const moderated = /\b(approved?|rejected?|pending|waiting)\b|[._](approved|rejected|waiting)/i;
/** When a row was made: nobody gains by another time. */
const stamp = /^(created|updated|modified)(_?(at|on|date|time))?$/i;
/** Words in names of fields that the server decides on. */
const decided =
  /^(roles?|admin|superuser|staff|moderator|permissions?|privileges?|scopes?|access|owner|user|author|creator|created|by|account|customer|member|tenant|org|organi[sz]ation|workspace|balance|credits?|wallet|points|verified|verification|verify|approved|confirmed|banned|blocked|suspended|locked|paid|plan|tier|premium|subscription|token|secret|otp|hash|salt|reset|average|avg|num|count|total|deleted|stripe|provider|google|oauth)$/i;
/** Words of fields that some forms have, and others must not. */
const doubtful = /^(status|state|amount|active|enabled|disabled|featured|published|level|discount|score|type|kind)$/i;

/** The fields that the schema of a model has: Mongoose’s and Sequelize’s in the code, Prisma’s in its file; null where it is not found, or says less than all. */
export function modelFields(source: Source, model: Syntax): readonly ModelField[] | null {
  const ofPrisma = prismaFields(source, model);
  if (ofPrisma !== null) return ofPrisma;
  const ofSequelize = sequelizeFields(source, model);
  if (ofSequelize !== null) return ofSequelize;
  const named = wholeOf(placeOf(source, model));
  const place = named && madeModel(named);
  const made = place && (place.node.type === 'LogicalExpression' ? unwrap(place.node.right) : place.node);
  if (made?.type !== 'CallExpression' || !/(^|\.)model$/.test(place?.source.textOf(made.callee) ?? '')) return null;
  const [, given] = made.arguments;
  const schema = given && place ? wholeOf(placeOf(place.source, given)) : null;
  if (schema?.node.type !== 'NewExpression' && schema?.node.type !== 'CallExpression') return null;
  if (!/Schema$/.test(schema.source.textOf(schema.node.callee))) return null;
  const text = schema.source.text;
  if (/\.add\(|\.discriminator\(|strict\s*:\s*(false|0)/.test(text)) return null;
  const [first] = schema.node.arguments;
  const fields = first ? fieldsIn(schema.source, first) : null;
  return fields?.length === 0 ? null : fields;
}

/** A file that was required: what it exports as a whole. */
function wholeOf(place: Place | null): Place | null {
  if (place?.node.type !== 'Program') return place;
  const whole = exportNode(place.source.project, place.source.path, 'default');
  return whole && placeOf(whole.source, whole.node);
}

/** The fields of a definition and of what is nested in it; null where a part of it stands elsewhere. */
function fieldsIn(source: Source, node: Syntax): ModelField[] | null {
  const object = unwrap(node);
  if (object.type === 'ArrayExpression') {
    const [one] = object.elements;
    return one ? fieldsIn(source, one) : [];
  }
  if (object.type !== 'ObjectExpression') return [];
  const fields: ModelField[] = [];
  for (const property of object.properties) {
    const name = property.type === 'Property' ? keyOf(property) : null;
    if (property.type !== 'Property' || name === null) return null;
    const text = source.textOf(property.value);
    const isOwner = owning.test(text) || (name === 'status' && moderated.test(text));
    fields.push({ name, isOwner, isShown: shown.test(text) });
    const value = unwrap(property.value);
    const type = value.type === 'ObjectExpression' ? value.properties.find((one) => keyOf(one) === 'type') : undefined;
    const inner = fieldsIn(source, type?.type === 'Property' ? type.value : value);
    if (inner === null) return null;
    fields.push(...inner);
  }
  return fields;
}

/** What `define('user', { … })` names, and what belonging to an account adds. */
function sequelizeFields(source: Source, model: Syntax): ModelField[] | null {
  const found = sequelizeModel(source, model);
  const fields = found && fieldsIn(found.fields.source, found.fields.node);
  if (!fields || fields.length === 0) return null;
  const account = [...found.owners].find((name) => accountName.test(name));
  return account === undefined ? fields : [...fields, { name: `${account}Id`, isOwner: true }];
}

/** `prisma.user`: the lines of its model. What relates to another model takes nested writes: it counts as an owner. */
function prismaFields(source: Source, model: Syntax): ModelField[] | null {
  const inner = unwrap(model);
  if (inner.type !== 'MemberExpression' || inner.computed || inner.property.type !== 'Identifier') return null;
  const { project } = source;
  if (!/(^|\.)_?(prisma|db|tx|prismaService)$/i.test(source.textOf(inner.object))) return null;
  const wanted = inner.property.name.toLowerCase();
  const text = prismaSchemas(project).join('\n');
  const models = [...text.matchAll(/^[ \t]*model\s+(\w+)\s*\{([\s\S]*?)^[ \t]*\}/gm)];
  const names = new Set(models.map(([, name = '']) => name));
  const found = models.filter(([, name = '']) => name.toLowerCase() === wanted);
  const body = found.length === 1 ? found[0]?.[2] : undefined;
  if (body === undefined) return null;
  return [...body.matchAll(/^[ \t]*(\w+)[ \t]+(\w+)/gm)].map(([, name = '', type = '']) => ({
    name,
    isOwner: names.has(type),
  }));
}

/**
 * What a client that writes every field of a row may gain: 'none' where all of them are a form's, 'perhaps' where that
 * depends on what they mean. `set` are those that the server overwrites; a password may be written with a new row only.
 */
export function gainOf(
  fields: readonly ModelField[],
  set: ReadonlySet<string>,
  isNew: boolean,
): 'none' | 'perhaps' | 'sure' {
  const open = fields.filter(({ name }) => !set.has(name));
  const wordsOf = (name: string): string[] => (stamp.test(name) ? [] : name.split(/_|(?<=[a-z\d])(?=[A-Z])/));
  const words = open.flatMap(({ name }) => wordsOf(name));
  // The state that a town lies in.
  const isOfAddress = fields.some(({ name }) => /^(zip|postal|post_?code|city|country)/i.test(name));
  if (open.some(({ isOwner }) => isOwner) || words.some((word) => decided.test(word))) return 'sure';
  if (!isNew && words.some((word) => /^(password|passwd|pwd)$/i.test(word))) return 'sure';
  return open.some(
    ({ name, isShown }) =>
      !isShown && !(isOfAddress && name === 'state') && wordsOf(name).some((word) => doubtful.test(word)),
  )
    ? 'perhaps'
    : 'none';
}
