import { type Syntax, unwrap } from '../../text/syntax.ts';
import { definitionOf } from '../code/definition.ts';
import { bindingOf } from '../code/names.ts';
import { isOwnOrigin, originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';

/** True for a class whose objects are rows: a model by its name that is no global, and no class of the project that comes of nothing. */
export function isModelClass(source: Source, callee: Syntax): boolean {
  const inner = unwrap(callee);
  const isGlobal = inner.type === 'Identifier' && bindingOf(source, inner) === null;
  return isModel(source, callee) && !isGlobal && !isPlainClass(source, callee);
}

/** `class Session {}`: it extends no model, and no decorator makes it one. */
function isPlainClass(source: Source, callee: Syntax): boolean {
  const place = definitionOf(source, callee);
  const made = place?.node;
  return (
    (made?.type === 'ClassDeclaration' || made?.type === 'ClassExpression') &&
    !made.superClass &&
    made.decorators.length === 0 &&
    !/\bloadClass\(|Object\.assign\(this\b/.test(place?.source.text ?? '')
  );
}

/** `const { User } = req.app.get('models')` */
const ofApp = /\.(get\(\)|models)\.[A-Z]\w*$/;

/** `User`, `db.Product`, `models.Order`: names that models have, in a project whose library works with such. */
export function isModel(source: Source, node: Syntax): boolean {
  const text = source.textOf(unwrap(node));
  if (!/^((\w*[mM]odels?|db)\.)?[A-Z][A-Za-z]+$/.test(text)) return false;
  const { project } = source;
  if (!['mongoose', 'sequelize', 'sequelize-typescript', 'objection'].some((one) => project.has(one))) return false;
  const origin = originOf(source, node);
  if (origin !== null && /^(mongoose|sequelize|sequelize-typescript|objection)#/.test(origin)) return true;
  return (
    (origin === null || isOwnOrigin(origin) || ofApp.test(origin)) &&
    !/(Error|Response|Request|Date|Map|Set|Service|Helper|Job|Event|Dto|DTO|Command|Query|Promise|Stripe|Client|Schema|Features?|Handler|Controller|Builder|Manager|Validator)$/.test(
      text,
    )
  );
}
