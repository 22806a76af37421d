/** A line of a stream, numbered from 1; `text` is null when it was longer than allowed and was thrown away. */
export interface NumberedLine {
  readonly line: number;
  readonly text: string | null;
}

/** Splits bytes into lines of UTF-8 without holding more than one of them; broken UTF-8 becomes U+FFFD and fails as JSON or as text later. */
export async function* splitLines(bytes: AsyncIterable<Buffer>, longest: number): AsyncGenerator<NumberedLine> {
  let held: Buffer[] = [];
  let length = 0;
  let line = 1;
  const take = (): NumberedLine => {
    const taken = { line, text: length > longest ? null : Buffer.concat(held).toString('utf8') };
    held = [];
    length = 0;
    line += 1;
    return taken;
  };
  const hold = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) held.push(part);
    else held = [];
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      hold(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    hold(chunk.subarray(from));
  }
  if (length > 0) yield take();
}
