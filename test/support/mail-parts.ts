/** A part of a received mail, decoded. */
export interface MailPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly text: string;
  readonly parts: readonly MailPart[];
}

/** Reads a mail as a mail program does: unfolded headers (encoded words decoded), parts, quoted-printable and base64. */
export function readMail(raw: string): MailPart {
  const end = raw.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim());
  }
  const body = raw.slice(end + 4);
  const type = headers['content-type'] ?? 'text/plain';
  const [, boundary] = /boundary="([^"]+)"/.exec(type) ?? [];
  if (boundary === undefined)
    return { headers, type, text: decode(body, headers['content-transfer-encoding'] ?? ''), parts: [] };
  const inner = body.split(`--${boundary}`).slice(1, -1);
  return {
    headers,
    type,
    text: '',
    parts: inner.map((part) => readMail(part.replace(/^\r\n/, '').replace(/\r\n$/, ''))),
  };
}

/** All parts that hold something, in their order. */
export function leaves(part: MailPart): readonly MailPart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_all, way: string, words: string) =>
      way.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString('latin1')
        : decodeLatin(words.replaceAll('_', ' ')),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

function decodeLatin(words: string): string {
  return words.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
