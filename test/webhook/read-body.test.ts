import { describe, expect, test } from 'vitest';
import { readBody } from '../../templates/webhook/core/read-body.ts';
import { bytes } from './support.ts';

/** A request whose body comes in these chunks, and how many of them were taken. */
function requestOf(chunks: readonly string[]) {
  const state = { taken: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[state.taken];
        if (chunk === undefined) return controller.close();
        state.taken += 1;
        controller.enqueue(bytes(chunk));
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

describe('The body of a request', () => {
  test.each([
    { chunks: [], text: '' },
    { chunks: ['a'], text: 'a' },
    { chunks: ['\ufeff{"a', '', '":"é🦀"}'], text: '\ufeff{"a":"é🦀"}' },
  ])('is read byte for byte from $chunks', async ({ chunks, text }) => {
    expect(await readBody(requestOf(chunks).body, 100)).toEqual(bytes(text));
  });

  test('that is missing is empty', async () => {
    expect(await readBody(null, 100)).toEqual(new Uint8Array());
    expect(await readBody(new Request('http://x', { method: 'POST' }).body, 100)).toEqual(new Uint8Array());
  });

  test('is read up to the limit', async () => {
    expect(await readBody(new Request('http://x', { method: 'POST', body: '12345' }).body, 5)).toEqual(bytes('12345'));
  });

  test('is read to the end where it is larger than the limit, so that the sender gets the answer', async () => {
    const { body, state } = requestOf(['123', '456', '789']);
    expect(await readBody(body, 5)).toBeNull();
    expect(state).toEqual({ taken: 3, cancelled: false });
  });

  test('that breaks off is an error', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('The client went away.')),
    });
    await expect(readBody(body, 5)).rejects.toThrow('went away');
  });
});
