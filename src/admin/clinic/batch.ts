import type { ObjectSchema } from 'joi';
import { AppError } from '../../core/errors.ts';
import { findDanger } from '../plugins/json-guard.ts';
import { refusal, VALIDATION } from '../plugins/validation.ts';
import type { Clinic } from './clinic.ts';
import type { Noun, PutMeta } from './noun.ts';

/** What became of one line; `status` is that of the single call. */
export interface LineOutcome {
  readonly line: number;
  readonly key?: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
}

const MOST_ITEMS = 200;
const KEY = /^[A-Za-z0-9._:-]{1,64}$/;

/** Applies one `{type, key, body}` whole or not at all; refusals are outcomes. `fault` turns a fault of ours into what may be said of it. */
export async function applyLine(
  clinic: Clinic,
  line: number,
  text: string,
  meta: PutMeta,
  fault: (error: unknown) => AppError,
): Promise<LineOutcome> {
  let key: string | undefined;
  try {
    const entry = readLine(text);
    key = typeof entry['key'] === 'string' && KEY.test(entry['key']) ? entry['key'] : undefined;
    const unknown = Object.keys(entry).find((field) => !['type', 'key', 'body'].includes(field));
    if (unknown !== undefined) throw flaw(unknown.slice(0, 64), 'is not allowed');
    if (key === undefined) throw flaw('key', 'must be 1 to 64 characters of A–Z a–z 0–9 . _ : -');
    const { created } = await putOf(clinic, entry['type'])(key, entry['body'], meta);
    return { line, key, status: created ? 201 : 200 };
  } catch (error) {
    const told = error instanceof AppError && error.status < 500 ? error : fault(error);
    return { line, ...(key !== undefined && { key }), status: told.status, error: words(told) };
  }
}

/** A line that was not applied because it is too long, or because the body ended there. */
export function refusedLine(line: number, error: AppError): LineOutcome {
  return { line, status: error.status, error: words(error) };
}

function words({ code, message }: AppError): { code: string; message: string } {
  return { code, message };
}

function readLine(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('invalid', 'the line is not JSON');
  }
  const danger = findDanger(json, MOST_ITEMS);
  if (danger !== null) throw danger;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new AppError('invalid', 'the line is not an object');
  return json as Readonly<Record<string, unknown>>;
}

type Put = (key: string, body: unknown, meta: PutMeta) => Promise<{ readonly created: boolean }>;

function putOf(clinic: Clinic, type: unknown): Put {
  switch (type) {
    case 'branch':
      return checked(clinic.branch);
    case 'doctor':
      return checked(clinic.doctor);
    case 'service':
      return checked(clinic.service);
    case 'patient':
      return checked(clinic.patient);
    case 'appointment':
      return checked(clinic.appointment);
    default:
      throw flaw('type', 'must be branch, doctor, service, patient or appointment');
  }
}

function checked<Body>(noun: Noun<Body>): Put {
  const schema: ObjectSchema<Body> = noun.schema;
  return (key, body, meta) => {
    const checkedBody = schema.required().validate(body, VALIDATION);
    if (checkedBody.error !== undefined) throw refusal(checkedBody.error);
    return noun.put(key, checkedBody.value, meta);
  };
}

function flaw(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, [{ path, message }]);
}
