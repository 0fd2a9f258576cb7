import { type Syntax, unwrap } from '../../text/syntax.ts';
import { annotationOf, bindingOf } from '../code/names.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';
import { chained, isAskedOfArray, nameOf, queryOf } from './base.ts';
import { typeormMethods } from './methods.ts';
import type { Call, Query, QueryKind } from './query.ts';

const mikro = ['@mikro-orm/core', '@mikro-orm/postgresql', '@mikro-orm/mysql', '@mikro-orm/nestjs'];

/** TypeORM's and MikroORM's repositories and entity managers, and TypeORM's query builder. */
export function typeormQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  const { project } = source;
  const isMikro = mikro.some((name) => project.has(name));
  if (!isMikro && !project.has('typeorm')) return null;
  if (isAskedOfArray(node)) return null;
  if (method === 'createQueryBuilder')
    return isRepository(source, object) || isManager(source, object) ? built(source, node, object) : null;
  const ofRecord = recordQuery(source, node, object, method);
  if (ofRecord) return ofRecord;
  const [first] = node.arguments;
  if (isMikro && /^persist(AndFlush)?$/.test(method) && first && isManager(source, object))
    return chained(source, node, 'typeorm', 'create', entityOf(source, first));
  const kind = isMikro && method === 'findAll' ? 'many' : typeormMethods.get(method);
  if (kind === undefined) return null;
  if (first && isEntity(first) && isManager(source, object))
    return isMikro
      ? { ...queryOf(node, 'typeorm', kind, nameOf(first), new Map(), 1), options: optionsFrom(node) }
      : queryOf(node, 'typeorm', kind, nameOf(first), new Map(), 1);
  if (!isRepository(source, object)) return null;
  const found = chained(source, node, 'typeorm', kind, entityOf(source, object));
  if (!isMikro || node.arguments.length < 2) return found;
  // MikroORM says the page beside the condition.
  const beside = queryOf(node, 'typeorm', kind, null, new Map(), 1).options;
  return { ...found, options: new Map([...found.options, ...beside]) };
}

/** TypeORM's entities that ask by themselves: `User.find()`, `User.create({ … }).save()`, `new User().save()`. */
function recordQuery(source: Source, node: Call, object: Syntax, method: string): Query | null {
  const kind = typeormMethods.get(method);
  if (kind === undefined) return null;
  const origin = originOf(source, object);
  if (origin === 'typeorm#BaseEntity' && method !== 'save')
    return chained(source, node, 'typeorm', kind, nameOf(object));
  return method === 'save' && /^typeorm#BaseEntity(\.create)?\(\)$/.test(origin ?? '')
    ? { ...queryOf(node, 'typeorm', 'create', entityOf(source, object), new Map()), options: new Map() }
    : null;
}

/** The condition, and what stands beside it: `em.find(User, { shop }, { limit: 20 })`. */
const optionsFrom = (node: Call): Query['options'] =>
  new Map([1, 2].flatMap((at) => [...queryOf(node, 'typeorm', 'many', null, new Map(), at).options]));

/** A class that stands for a table: `manager.find(User)`. */
const isEntity = (node: Syntax): boolean => node.type === 'Identifier' && /^[A-Z][A-Za-z]*[a-z]/.test(node.name);

const isManager = (source: Source, node: Syntax): boolean =>
  /^(typeorm|@mikro-orm\/\w+)#(\w*EntityManager\(\)|.*\.(manager|em))$/.test(originOf(source, node) ?? '') ||
  /^_?(em|manager|entityManager|transactionalEntityManager|transactionManager)$/.test(nameOf(node) ?? '');

function isRepository(source: Source, node: Syntax): boolean {
  const origin = originOf(source, node) ?? '';
  if (/^(typeorm|@mikro-orm\/\w+)#.*([rR]epository\(\)|\.extend\(\))$/.test(origin)) return true;
  const binding = bindingOf(source, unwrap(node));
  if (binding && /Repository$/.test(annotationOf(binding) ?? '')) return true;
  return /repo(sitory)?$/i.test(nameOf(node) ?? '') && !/^(git|get\w*)Repo(sitory)?$/.test(nameOf(node) ?? '')
    ? true
    : isGotten(node);
}

const isGotten = (node: Syntax): boolean =>
  unwrap(node).type === 'CallExpression' && /^get(Tree|Custom|Mongo)?Repository$/.test(nameOf(node) ?? '');

/** The entity of a repository: of `getRepository(User)` the class, else the name of what holds it. */
function entityOf(source: Source, node: Syntax, depth = 0): string | null {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression' && isGotten(inner)) {
    const last = inner.arguments.at(-1);
    return last ? nameOf(last) : null;
  }
  // `users.create({ … })`, `em.create(User, { … })`, `new User()`
  if (inner.type === 'CallExpression' && inner.callee.type === 'MemberExpression' && nameOf(inner) === 'create') {
    const [first] = inner.arguments;
    return first && isEntity(first) ? nameOf(first) : nameOf(inner.callee.object);
  }
  if (inner.type === 'NewExpression') return nameOf(inner.callee);
  const made = bindingOf(source, inner)?.init;
  const value = made ? unwrap(made) : null;
  return (
    ((value?.type === 'CallExpression' || value?.type === 'NewExpression') && depth < 2
      ? entityOf(source, value, depth + 1)
      : null) ?? nameOf(inner)
  );
}

const ends: readonly (readonly [QueryKind, RegExp])[] = [
  ['create', /^insert$/],
  ['update', /^(update|softDelete|restore)$/],
  ['delete', /^delete$/],
  ['one', /^(getOne|getOneOrFail|getRawOne|getExists|getSingleResult)$/],
  ['many', /^(getMany|getManyAndCount|getRawMany|getRawAndEntities|getResultList|getResult)$/],
  ['number', /^getCount$/],
];

/** `repo.createQueryBuilder('u').where(…).getMany()`: only where it is asked in the same breath. */
function built(source: Source, node: Call, object: Syntax): Query | null {
  const found = chained(source, node, 'typeorm', 'many', entityOf(source, object));
  const kind = ends.find(([, names]) => [...found.chain.keys()].some((name) => names.test(name)))?.[0];
  return kind === undefined || found.chain.size === 0 ? null : { ...found, kind, options: new Map() };
}
