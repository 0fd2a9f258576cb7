import type { Syntax } from '../../text/syntax.ts';
import { isFunction, type Source } from './source.ts';

/** Switches by which somebody asks for less than is safe. */
const asked =
  /insecure|unsafe|accept|skip|self.?signed|allow|verify|validate|check|strict|ssl.?mode|reject|trust|ignore/i;

/** What a case is chosen by, where that is how safe it shall be: `switch (sslMode)`. */
function asksByCase(source: Source, node: Syntax): string | null {
  const around = node.type === 'SwitchCase' ? source.parentOf(node) : null;
  const asks = around?.type === 'SwitchStatement' ? source.textOf(around.discriminant) : '';
  return /ssl|tls|secur|mode/i.test(asks) || asked.test(asks) ? 'sslmode' : null;
}

/** Whether it is chosen by a condition: for development only, or by somebody who asks for it by name. */
export function choiceAround(source: Source, node: Syntax): 'development' | 'asked' | null {
  let inner: Syntax = node;
  for (const parent of source.above(node)) {
    const isChoice = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression';
    const test = isChoice && parent.test !== inner ? source.textOf(parent.test) : asksByCase(source, parent);
    if (test !== null) {
      const isYes = isChoice && parent.consequent === inner;
      const isNot = /!==?|^!/.test(test);
      if (/\b(dev|development|test|local|localhost)\b|isDev|isLocal|isTest|__DEV__/i.test(test) && isYes && !isNot)
        return 'development';
      if (/prod/i.test(test) && isYes === isNot) return 'development';
      if (asked.test(test)) return 'asked';
    }
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === inner) {
      const left = source.textOf(parent.left);
      if (asked.test(left)) return 'asked';
      if (/\b(dev|development|test|local)\b|isDev/i.test(left) && !/!==?/.test(left)) return 'development';
    }
    if (isFunction(parent)) return null;
    inner = parent;
  }
  return null;
}
