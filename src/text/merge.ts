import { diff3MergeRegions, diffIndices, type IRegion } from 'node-diff3';

const markers = { yours: '<<<<<<< yours', middle: '=======', template: '>>>>>>> template' };
const bom = '\uFEFF';

/** Lines for comparing; an ending CR is no difference. */
const linesOf = (text: string): string[] => text.replace(bom, '').replaceAll('\r\n', '\n').split('\n');

const eolOf = (text: string): string => {
  const crlf = text.split('\r\n').length - 1;
  return crlf * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
};

type Unstable = Extract<IRegion<string>, { stable: false }>;

/** One side's lines where the other left the base's, or both say the same; else null: an overlap. */
function agreed({ aContent, oContent, bContent }: Unstable): 'a' | 'b' | null {
  const [a, o, b] = [aContent, oContent, bContent].map((lines) => JSON.stringify(lines));
  if (a === b || o === b) return 'a';
  return o === a ? 'b' : null;
}

/** Where each line of the base that mine still has stands in mine. */
function kept(base: readonly string[], mine: readonly string[]): Map<number, number> {
  const places = new Map<number, number>();
  let [inBase, inMine] = [0, 0];
  const step = (until: number) => {
    while (inBase < until) places.set(inBase++, inMine++);
  };
  for (const { buffer1, buffer2 } of diffIndices([...base], [...mine])) {
    step(buffer1[0]);
    inBase = buffer1[0] + buffer1[1];
    inMine = buffer2[0] + buffer2[1];
  }
  step(base.length);
  return places;
}

/** What to do with lines that both sides changed: both between markers, or one side's. */
export type Overlap = 'markers' | 'ours' | 'theirs';

/**
 * Merges the template's change (base to theirs) into mine, by lines. What overlaps is counted, and stands in both
 * versions between conflict markers unless one side is preferred (`ours` is mine). The line endings, also mixed ones,
 * and the BOM of mine stay.
 */
export function merge(
  base: string,
  mine: string,
  theirs: string,
  overlap: Overlap = 'markers',
): { text: string; conflicts: number } {
  const eol = eolOf(mine);
  const [baseLines, myLines] = [linesOf(base), linesOf(mine)];
  const places = kept(baseLines, myLines);
  // Each line of mine with the ending it has; the last one gets one for as long as the parts are put together.
  const original = mine.replace(bom, '').split('\n');
  const own = original.map((line, index) => `${line}${index < original.length - 1 ? '\n' : eol}`);
  const foreign = (lines: readonly string[]) => lines.map((line) => `${line}${eol}`);

  const merged: string[] = [];
  let conflicts = 0;
  for (const region of diff3MergeRegions(myLines, baseLines, linesOf(theirs))) {
    if (region.stable) {
      const { buffer, bufferStart: start, bufferLength: length, bufferContent } = region;
      if (buffer === 'a') merged.push(...own.slice(start, start + length));
      else if (buffer === 'b') merged.push(...foreign(bufferContent));
      else merged.push(...bufferContent.map((line, index) => own[places.get(start + index) ?? -1] ?? `${line}${eol}`));
      continue;
    }
    const side = agreed(region);
    const yours = own.slice(region.aStart, region.aStart + region.aLength);
    const template = foreign(region.bContent);
    if (side !== null) merged.push(...(side === 'a' ? yours : template));
    else {
      conflicts++;
      if (overlap !== 'markers') merged.push(...(overlap === 'ours' ? yours : template));
      else
        merged.push(
          `${markers.yours}${eol}`,
          ...yours,
          `${markers.middle}${eol}`,
          ...template,
          `${markers.template}${eol}`,
        );
    }
  }
  const text = merged.join('').replace(/\r?\n$/, '');
  return { text: mine.startsWith(bom) ? `${bom}${text}` : text, conflicts };
}

/** Whether a conflict of a merge is still open in a text: an opening, a middle and a closing marker, each a line's start. */
export const hasConflictMarkers = (text: string): boolean =>
  /^<{7}(?: .*)?\r?$[\s\S]*?^={7}\r?$[\s\S]*?^>{7}(?: .*)?\r?$/m.test(text);
