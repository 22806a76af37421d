import { STATUS_CODES } from 'node:http';
import type { Plugin, Request, ResponseObject, ResponseToolkit, Server } from '@hapi/hapi';
import type { NewId } from '../../core/clock.ts';
import { AppError, ERROR_CODES, type ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  408: 'timeout',
  413: 'tooLarge',
  415: 'unsupportedMedia',
  503: 'notReady',
};

/** Renders every error the same way, `{statusCode, error, message, code, details?}`. A fault of ours shows only the id under which it is logged, once. */
export function createErrorsPlugin({ log, newId }: { log: Log; newId: NewId }): Plugin<void> {
  return {
    name: 'errors',
    register: (server: Server) => {
      server.ext('onPreResponse', (request, h) => {
        const error: unknown = request.response;
        if (error instanceof AppError && error.status < 500) return render(h, error);
        if (error instanceof AppError && error.code === 'notReady') return render(h, error);
        if (!(error instanceof Error)) return h.continue;
        const status = statusOf(error);
        if (status < 500)
          return render(h, new AppError(CODE_OF_STATUS[status] ?? 'invalid', wordsFor(status, error)), status);
        const id = newId();
        log.error('http.failed', { id, method: request.method, route: request.route.path, error: causeOf(request) });
        return render(h, new AppError('internal', `Something went wrong here; it is in the log as ${id}.`, { id }));
      });
    },
  };
}

function statusOf(error: Error): number {
  const output: unknown = 'output' in error ? error.output : undefined;
  return output !== null && typeof output === 'object' && 'statusCode' in output ? Number(output.statusCode) : 500;
}

/** hapi's own refusals; its words may repeat parts of the request, ours do not. */
function wordsFor(status: number, error: Error): string {
  if (status === 404) return 'There is no such path.';
  if (status === 413) return 'The body is too large.';
  if (status === 400 && /compressed/.test(error.message)) return 'The body is not packed as it says.';
  return `${STATUS_CODES[status] ?? 'The request was refused'}.`;
}

function causeOf(request: Request): unknown {
  const { response } = request;
  return response instanceof Error ? response : undefined;
}

function render(h: ResponseToolkit, error: AppError, status: number = ERROR_CODES[error.code].status): ResponseObject {
  const answer = h
    .response({
      statusCode: status,
      error: STATUS_CODES[status],
      message: error.message,
      code: error.code,
      details: error.details,
    })
    .code(status);
  const wait =
    error.details !== undefined && 'retryAfterSeconds' in error.details && error.details['retryAfterSeconds'];
  if (typeof wait === 'number') answer.header('retry-after', String(wait));
  if (status === 503) answer.header('retry-after', '5');
  if (status === 401) answer.header('www-authenticate', 'Bearer');
  return answer;
}
