const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The longest start of the text with at most `most` UTF-16 units that ends between two graphemes, with `mark` (such as `…`) behind it when something was cut off. */
export function cutText(text: string, most: number, mark = ''): string {
  if (text.length <= most) return text;
  const room = most - mark.length;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, room * 2))) {
    if (index + segment.length > room) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}${mark}`;
}
