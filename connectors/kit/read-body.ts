import { untilAborted } from './until-aborted.ts';

/**
 * The whole body as text, `''` when there is none. Rejects with `signal.reason` when the signal is aborted, and then
 * lets go of the connection; rejects with what `fetch` throws when the connection breaks.
 */
export async function readBody(response: Response, signal: AbortSignal): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const chunk = await untilAborted(reader.read(), signal);
      if (chunk.done) return text + decoder.decode();
      text += decoder.decode(chunk.value, { stream: true });
    }
  } finally {
    // After a full read this does nothing; after an abort it closes the connection. A failure to close one that nobody
    // reads any more tells nobody anything.
    reader.cancel().catch(() => {});
  }
}
