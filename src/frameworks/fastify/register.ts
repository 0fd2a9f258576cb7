import type { AppSite, Tree } from '../../model.ts';
import { dotted } from '../../text/syntax.ts';
import { type Source, sourceOf } from '../shared/source.ts';

/** How the host writes its own registers on the app: 'await ', 'void ' or ''. */
export function registerForm(tree: Tree, site: AppSite): string {
  const source = sourceOf(tree, site.file);
  return source ? formIn(source, site.app) : '';
}

function formIn(source: Source, app: string): string {
  const forms = source.nodes.flatMap((node) => {
    if (node.type !== 'ExpressionStatement') return [];
    const { expression } = node;
    const isVoid = expression.type === 'UnaryExpression' && expression.operator === 'void';
    const inner = expression.type === 'AwaitExpression' || isVoid ? expression.argument : expression;
    if (inner.type !== 'CallExpression' || dotted(inner.callee) !== `${app}.register`) return [];
    return [expression.type === 'AwaitExpression' ? 'await ' : isVoid ? 'void ' : ''];
  });
  const [first] = forms;
  return first !== undefined && forms.every((form) => form === first) ? first : '';
}
