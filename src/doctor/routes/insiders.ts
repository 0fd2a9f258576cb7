import type { FunctionSyntax, Source } from '../code/source.ts';
import { isForAdmins } from './handlers.ts';

const secret = String.raw`(process\.)?env\.\w*(KEY|SECRET|TOKEN|PASSWORD)\b`;
const compared = new RegExp(`[!=]==?\\s*[\`'"\\w ]*(\\$\\{)?${secret}|${secret}\\s*[!=]==?`);

/** True for a handler that lets nobody in but administrators, or who sends a secret of the environment. */
export const isForInsiders = (source: Source, fn: FunctionSyntax): boolean =>
  (fn.body !== null && compared.test(source.textOf(fn.body))) || isForAdmins(source, fn.body ?? fn);
