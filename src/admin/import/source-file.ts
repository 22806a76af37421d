import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { splitLines } from '../clinic/lines.ts';
import { type Element, text } from './fhir/element.ts';
import { type BundleContents, readBundle, readResourceLines } from './fhir/read-bundle.ts';

/** A file that can be loaded, by its form; or why it cannot. */
export type SourceFile =
  | { readonly kind: 'lines'; readonly bytes: AsyncIterable<Buffer> }
  | { readonly kind: 'fhir'; readonly contents: BundleContents }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly why: string };

const HEAD_BYTES = 65_536;
const LONGEST_RESOURCE = 16_777_216;
const MOST_BYTES = 268_435_456;
const FORMS = 'it must be NDJSON of {"type","key","body"} lines or FHIR R4 as JSON';

/** Looks at the beginning of a file and, for FHIR, reads it whole. */
export async function openSource(path: string): Promise<SourceFile> {
  const start = await readHead(path);
  if (start === null) return { kind: 'missing' };
  const { head, bytes } = start;
  const why = foreign(head);
  if (why !== null) return { kind: 'refused', why };
  const form = formOf(head.toString('utf8').replace(/^\uFEFF/, ''));
  if (form === 'lines') return { kind: 'lines', bytes: createReadStream(path) };
  if (form === 'array') return { kind: 'refused', why: `this is a JSON array; ${FORMS}` };
  if (form === null) return { kind: 'refused', why: `the file is neither; ${FORMS}` };
  if (bytes > MOST_BYTES) return { kind: 'refused', why: 'a FHIR file may have 256 MiB at most; split it' };
  return form === 'resourceLines' ? readLines(path) : readDocument(path);
}

async function readHead(path: string): Promise<{ readonly head: Buffer; readonly bytes: number } | null> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return { head: buffer.subarray(0, bytesRead), bytes: size };
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** What the first bytes of other formats say. */
function foreign(head: Buffer): string | null {
  const starts = (...bytes: readonly number[]): boolean => bytes.every((byte, at) => head[at] === byte);
  if (head.length === 0 || head.toString('utf8').trim() === '') return 'the file is empty';
  if (starts(0x25, 0x50, 0x44, 0x46)) return `this is a PDF; ${FORMS}`;
  if (starts(0x1f, 0x8b)) return 'the file is packed with gzip; unpack it first';
  if (starts(0x50, 0x4b)) return `this is a ZIP archive or an Office file; ${FORMS}`;
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff) || head[0] === 0 || head[1] === 0)
    return 'the file is in UTF-16; save it as UTF-8';
  if (head.includes(0)) return `the file is not text; ${FORMS}`;
  if (starts(0x3c) || starts(0xef, 0xbb, 0xbf, 0x3c)) return `this is XML; ${FORMS}`;
  return null;
}

/** The form by the first line; where that is no JSON by itself, by what the others say. */
function formOf(head: string): 'lines' | 'resourceLines' | 'document' | 'array' | null {
  const [first = '', ...others] = head.split('\n').filter((line) => line.trim() !== '');
  if (first.trimStart().startsWith('[')) return 'array';
  const json = parsed(first);
  if (json !== null) {
    const type = text(json['resourceType']);
    if (type !== undefined) return type === 'Bundle' ? 'document' : 'resourceLines';
    return isBatchLine(json) ? 'lines' : null;
  }
  if (/"resourceType"\s*:/.test(head)) return 'document';
  const looksLikeOne = first.startsWith('{') && /"(type|key|body)"\s*:/.test(first);
  return looksLikeOne || others.some((line) => isBatchLine(parsed(line) ?? {})) ? 'lines' : null;
}

function isBatchLine(json: Element): boolean {
  return 'type' in json || 'key' in json || 'body' in json;
}

async function readDocument(path: string): Promise<SourceFile> {
  const json = parsed((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  if (json !== null && text(json['resourceType']) !== undefined) return { kind: 'fhir', contents: readBundle(json) };
  const lines = await readLines(path);
  const readable = lines.kind === 'fhir' && lines.contents.entries.length > 0;
  return readable ? lines : { kind: 'refused', why: 'the file is not valid JSON; it may be cut off' };
}

async function readLines(path: string): Promise<SourceFile> {
  const resources: { line: number; resource: Element }[] = [];
  const bad: { label: string; words: string }[] = [];
  for await (const { line, text: words } of splitLines(createReadStream(path), LONGEST_RESOURCE)) {
    const resource = parsed(words?.replace(/^\uFEFF/, '') ?? '');
    if (words === null) bad.push({ label: `line ${line}`, words: 'is longer than 16 MiB' });
    else if (resource !== null && text(resource['resourceType']) !== undefined) resources.push({ line, resource });
    else if (words.trim() !== '') bad.push({ label: `line ${line}`, words: 'is no FHIR resource as JSON' });
  }
  const contents = readResourceLines(resources);
  return { kind: 'fhir', contents: { ...contents, bad: [...bad, ...contents.bad] } };
}

/** The JSON object that the words are; null for anything else. */
function parsed(words: string): Element | null {
  try {
    const json: unknown = JSON.parse(words);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Element) : null;
  } catch {
    return null;
  }
}
