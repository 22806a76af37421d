import type { Socket } from 'node:net';
import { MongoError } from '../errors.ts';
import type { Reply } from '../wire/cursor-reply.ts';
import { BadFrameError, FrameParser } from '../wire/frame-parser.ts';
import { parseRequest } from '../wire/parse-request.ts';
import type { Request } from '../wire/request.ts';
import { writeReply } from '../wire/write-reply.ts';
import type { Task } from './executor.ts';
import { failureReply } from './failure.ts';

/** More commands than this are not read ahead of their answers. */
const MOST_WAITING = 64;

/** One client: reads its commands and writes the answers. A client that breaks the protocol loses its connection. */
export class Connection {
  readonly connectionId: number;
  readonly #socket: Socket;
  readonly #submit: (task: Task) => void;
  readonly #parser = new FrameParser();
  readonly #waiting: Request[] = [];
  #isBusy = false;
  #isBackedUp = false;
  #isStopped = false;

  constructor(connectionId: number, socket: Socket, submit: (task: Task) => void) {
    this.connectionId = connectionId;
    this.#socket = socket;
    this.#submit = submit;
    socket.setNoDelay(true);
    // A lost connection ends itself; its error says nothing that could be acted on.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.#read(chunk));
    const goOn = (): void => {
      this.#isBackedUp = false;
      this.#next();
    };
    socket.on('drain', goOn);
    // What came before the end is still done, even where nobody waits for the answer.
    socket.on('close', goOn);
  }

  /** Reads no more commands; those that were read are still answered. */
  stopReading(): void {
    this.#isStopped = true;
    this.#regulate();
  }

  /** Resolves when what was answered has been handed over and the connection is closed. */
  async end(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
    });
    this.#socket.destroySoon();
    await closed;
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#parser.push(chunk)) this.#take(frame);
    } catch (error) {
      if (!(error instanceof BadFrameError)) throw error;
      this.#socket.destroy();
    }
  }

  #take(frame: Buffer): void {
    let request: Request;
    try {
      request = parseRequest(frame);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      const unread: Request = { requestId: frame.readInt32LE(4), command: {}, wantsReply: true, form: 'message' };
      this.#write(writeReply(unread, failureReply(error)));
      return;
    }
    this.#waiting.push(request);
    this.#next();
  }

  /** One command after the other, and none while the answers to those before it are not taken. */
  #next(): void {
    this.#regulate();
    if (this.#isBusy || this.#isBackedUp) return;
    const request = this.#waiting.shift();
    if (!request) return;
    this.#isBusy = true;
    const { connectionId } = this;
    this.#submit({ connectionId, command: request.command, answer: (reply) => this.#answer(request, reply) });
  }

  #answer(request: Request, reply: Reply): void {
    this.#isBusy = false;
    if (request.wantsReply) this.#write(writeReply(request, reply));
    this.#next();
  }

  #write(bytes: Buffer): void {
    if (this.#socket.destroyed) return;
    if (!this.#socket.write(bytes)) this.#isBackedUp = true;
  }

  /** A client that does not read its answers is not read from either, so that what waits for it stays bounded. */
  #regulate(): void {
    if (this.#isStopped || this.#isBackedUp || this.#waiting.length >= MOST_WAITING) this.#socket.pause();
    else this.#socket.resume();
  }
}
