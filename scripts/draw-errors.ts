import { ERROR_CODES } from '../src/core/errors.ts';

/** `docs/errors.md` as the table of `src/core/errors.ts` says it; a test holds the file to it. */
export function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { status, retryable, meaning }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
  );
  return [
    '# Errors',
    '',
    'Every refusal of the HTTP API is `{statusCode, error, message, code, details?}`. `details` is a list of `{path, message}` for',
    '`invalid`, else an object. Made from `src/core/errors.ts` by `npm run diagrams`.',
    '',
    '| code | status | worth a retry | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
