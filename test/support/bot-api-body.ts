import type { IncomingMessage } from 'node:http';

/** What a call of the Bot API carries: JSON values, and files by the name of their part. */
export interface BotApiBody {
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, { readonly name: string; readonly data: Buffer }>>;
}

/** Reads JSON, or multipart as grammY writes it: lower-case part headers and unquoted file names, which `Response.formData` of Node 20 refuses. */
export async function readBotApiBody(request: IncomingMessage): Promise<BotApiBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary !== undefined) return parts(raw, boundary);
  return { params: raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as BotApiBody['params']), files: {} };
}

function parts(raw: Buffer, boundary: string): BotApiBody {
  const params: Record<string, unknown> = {};
  const files: Record<string, { name: string; data: Buffer }> = {};
  for (const part of raw.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end);
    const data = Buffer.from(part.slice(end + 4, -2), 'latin1');
    const name = /[; ]name="?([^";\r]+)/i.exec(head)?.[1] ?? '';
    const file = /filename="?([^";\r]+)/i.exec(head)?.[1];
    if (file === undefined) params[name] = value(data.toString('utf8'));
    else files[name] = { name: Buffer.from(file, 'latin1').toString('utf8'), data };
  }
  return { params, files };
}

function value(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
