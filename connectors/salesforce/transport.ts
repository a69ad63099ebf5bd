import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import { readBody } from '../kit/read-body.ts';

/** What came back, before anything is made of it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

type CreateRequest = ReturnType<Transport['getRequestStreamCreator']>;

/**
 * Makes one call for jsforce with the process's own `fetch`.
 *
 * jsforce's own transport repeats calls by itself, waits 30 minutes for headers and for ever for a body, gives a cut body
 * out as a whole one, and follows redirects to other hosts with the token. This one makes one call, ends headers and body
 * with the signal, and hands a redirect back as the answer that it is.
 */
export class FetchTransport extends Transport {
  readonly #signal: AbortSignal;
  #answer: Answer | null = null;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  /** The answer of the call that was made; null before it has come. */
  get answer(): Answer | null {
    return this.#answer;
  }

  override getRequestStreamCreator(): CreateRequest {
    return (request): Duplex => {
      // jsforce takes the response from the stream's events; it reads the bytes only of bodies that it asks for as streams.
      const stream = new PassThrough();
      this.#send(request).then(
        (answer) => {
          this.#answer = answer;
          const headers = Object.fromEntries(answer.headers);
          stream.emit('complete', { statusCode: answer.status, headers, body: answer.text });
        },
        (error: unknown) => stream.emit('error', error),
      );
      return stream;
    };
  }

  async #send({ method, url, headers, body }: Parameters<CreateRequest>[0]): Promise<Answer> {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: this.#signal,
      ...(headers === undefined ? {} : { headers }),
      ...(typeof body === 'string' ? { body } : {}),
    });
    return {
      status: response.status,
      headers: response.headers,
      text: await readBody(response, this.#signal),
    };
  }
}
