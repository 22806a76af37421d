import { PassThrough, type Readable } from 'node:stream';
import type { ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { AppError } from '../../core/errors.ts';
import { applyLine, refusedLine } from '../clinic/batch.ts';
import type { Clinic } from '../clinic/clinic.ts';
import { splitLines } from '../clinic/lines.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { errorResponses } from '../fields/error-answer.ts';
import { requireMedia, saidLength, UNREAD } from '../plugins/body.ts';

const MAX_BYTES = 33_554_432;
const LONGEST_LINE = 1_048_576;
const MEDIA = 'application/x-ndjson';

const outcome = Joi.object({
  line: Joi.number().integer(),
  key: Joi.string(),
  status: Joi.number().integer(),
  error: Joi.object({ code: Joi.string(), message: Joi.string() }).label('LineError'),
}).label('LineOutcome');

/**
 * `POST /batch`: NDJSON in, NDJSON out, line by line in order. The answer is never throttled: a client that sends everything
 * before it reads would otherwise wait for us while we wait for it.
 */
export function batchRoute(deps: Pick<AdminDependencies, 'clock' | 'log' | 'newId'>, clinic: Clinic): ServerRoute {
  return {
    method: 'POST',
    path: '/api/v1/batch',
    options: {
      description: 'Many upserts, a line each: {"type","key","body"}',
      notes: 'Answers 200 with a line for each line, in order, and the status that the single call would have given.',
      tags: ['api', 'clinic data'],
      validate: {
        query: Joi.object({
          quiet: Joi.boolean().empty('').default(false).description('as if booked long ago: no details, no greeting'),
        }).prefs({ convert: true }),
      },
      payload: UNREAD,
      plugins: {
        'hapi-swagger': {
          consumes: [MEDIA],
          produces: [MEDIA],
          responses: {
            200: { description: 'One object a line', schema: outcome },
            ...errorResponses(['invalid', 'unauthorized', 'tooLarge', 'unsupportedMedia']),
          },
        },
      },
      handler: (request, h) => {
        requireMedia(request, [MEDIA, 'application/ndjson', 'application/jsonl']);
        if ((saidLength(request) ?? 0) > MAX_BYTES) throw new AppError('tooLarge', 'The body is larger than 32 MiB.');
        const answer = new PassThrough({ highWaterMark: MAX_BYTES });
        const { quiet } = request.query as { quiet: boolean };
        void run(deps, clinic, request.payload as Readable, quiet, answer);
        return h.response(answer).type(MEDIA);
      },
    },
  };
}

async function run(
  { clock, log, newId }: Pick<AdminDependencies, 'clock' | 'log' | 'newId'>,
  clinic: Clinic,
  body: Readable,
  quiet: boolean,
  answer: PassThrough,
): Promise<void> {
  let line = 0;
  const fault = (error: unknown): AppError => logged(error, log, newId);
  const say = (outcome: object): void => void answer.write(`${JSON.stringify(outcome)}\n`);
  try {
    for await (const { line: number, text } of splitLines(limited(body), LONGEST_LINE)) {
      line = number;
      if (text === null) say(refusedLine(line, new AppError('tooLarge', 'the line is longer than 1 MiB')));
      else if (text.trim() !== '') say(await applyLine(clinic, line, text, { at: clock.now(), quiet }, fault));
    }
  } catch (error) {
    say(refusedLine(line + 1, asRefusal(error, fault)));
    body.on('error', () => undefined).resume();
  } finally {
    answer.end();
  }
}

/** A client that went away or packed its body wrongly is no fault of ours. */
function asRefusal(error: unknown, fault: (error: unknown) => AppError): AppError {
  if (error instanceof AppError && error.status < 500) return error;
  const status =
    error instanceof Error && 'output' in error ? (error.output as { statusCode?: number }).statusCode : undefined;
  if (status === 400) return new AppError('invalid', 'the body is not packed as it says');
  return fault(error);
}

function logged(error: unknown, log: AdminDependencies['log'], newId: AdminDependencies['newId']): AppError {
  const id = newId();
  log.error('batch.failed', { id, error });
  return new AppError('internal', `Something went wrong here; it is in the log as ${id}.`, { id });
}

/** Ends in a refusal beyond 32 MiB; the connection stays, or the answer would be lost with it. */
async function* limited(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new AppError('tooLarge', 'the body is larger than 32 MiB; what came before is stored');
    yield chunk;
  }
}
