import type { Server } from '@hapi/hapi';
import { AppError } from '../../core/errors.ts';

/** One call of the HTTP contract, below `/api/v1`. */
interface ServiceRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
}

/** Makes a call as the owner. Rejects with `AppError('notReady')` when nobody answers. */
export type CallService = (request: ServiceRequest) => Promise<ServiceAnswer>;

const ANSWER_MS = 300_000;

/** Calls a service that runs, over HTTP. */
export function callOverHttp(origin: string, token: string): CallService {
  return async ({ method, path, body, contentType }) => {
    try {
      const answer = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: headersOf(token, contentType),
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body !== undefined && { body }),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new AppError('notReady', `the service at ${origin} does not answer`, undefined, error);
    }
  };
}

/** Calls the service in this process, which listens nowhere. */
export function callInProcess(server: Pick<Server, 'inject'>, token: string): CallService {
  return async ({ method, path, body, contentType }) => {
    const answer = await server.inject({
      method,
      url: `/api/v1${path}`,
      headers: headersOf(token, contentType),
      ...(body !== undefined && { payload: body }),
    });
    return { status: answer.statusCode, text: answer.payload };
  };
}

/** The JSON of an answer; an empty object where it is none. */
export function answerJson({ text }: ServiceAnswer): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** Why a call was refused, in the service's words; its status where it gave none. */
export function refusalWords(answer: ServiceAnswer): string {
  const { message } = answerJson(answer);
  return typeof message === 'string' ? message : `status ${answer.status}`;
}

function headersOf(token: string, contentType = 'application/json'): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': contentType };
}
