import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import { HoldfastError, type HoldfastErrorCode } from '../errors.ts';

/** Bytes, the end of them, or what the other side broke down with. */
type Message = Uint8Array<ArrayBuffer> | null | Failure;

interface Failure {
  readonly code: HoldfastErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/**
 * One end of a connection between two threads. It is a stream like a socket, with as much of a socket's ways as `pg` asks
 * for; what one end breaks down with is what the other end breaks down with.
 */
export class PortStream extends Duplex {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('message', (message: Message) => {
      if (message === null || message instanceof Uint8Array) this.push(message);
      else this.destroy(new HoldfastError(message));
    });
    port.on('close', () => this.destroy());
  }

  /** As a socket has it; both ends are there already. */
  connect(): void {
    process.nextTick(() => this.emit('connect'));
  }

  setNoDelay(): void {
    // Nothing is ever held back.
  }

  ref(): void {
    this.#port.ref();
  }

  unref(): void {
    this.#port.unref();
  }

  override _read(): void {
    // Whatever comes is pushed: who asks a database reads its answer.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#post(Uint8Array.from(chunk));
    done();
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.#post(Uint8Array.from(Buffer.concat(chunks.map(({ chunk }) => chunk))));
    done();
  }

  override _final(done: () => void): void {
    this.#port.postMessage(null, []);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error instanceof HoldfastError) {
      const { code, message, remedy } = error;
      this.#port.postMessage({ code, message, remedy } satisfies Failure, []);
    }
    this.#port.close();
    done(error);
  }

  /** Handed over, not copied once more. */
  #post(bytes: Uint8Array<ArrayBuffer>): void {
    this.#port.postMessage(bytes, [bytes.buffer]);
  }
}
