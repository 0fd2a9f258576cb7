import type { Syntax } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import { reachedFrom } from '../code/reach.ts';
import { everyNode, type Source } from '../code/source.ts';

const models =
  /^(ai#(generateText|streamText|generateObject|streamObject|generateImage|experimental_generateImage)|openai#(default|OpenAI|AzureOpenAI)\(\)\.(chat\.completions\.create|responses\.create|images\.\w+|completions\.create|audio\.\w+(\.\w+)*)|@anthropic-ai\/sdk#(default|Anthropic)\(\)\.(messages\.(create|stream))|replicate#default\(\)\.(run|stream|predictions\.create)|@google\/(generative-ai|genai)#.*\.(generateContent\w*|sendMessage\w*)|groq-sdk#\w+\(\)\.chat\.completions\.create|@fal-ai\/\w+#.*)$/;

/** True for a handler that asks a model of language, which is paid by the call. */
export function asksModel(source: Source, handler: Syntax): boolean {
  if (!/['"](ai|openai|@anthropic-ai\/sdk|replicate|@google\/gen\w*(-ai)?|groq-sdk)['"]/.test(source.text))
    return false;
  return reachedFrom(source, [handler], 1).some(({ source: from, node }) => {
    let found = false;
    everyNode(node, (one) => {
      if (one.type === 'CallExpression' && models.test(originOf(from, one.callee) ?? '')) found = true;
    });
    return found;
  });
}
