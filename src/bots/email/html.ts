const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g;

/** Words as they are, in a text or an attribute of HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}

/** Paragraphs and line ends of a plain text; whatever is in it stays words, except web addresses, which become links to themselves. */
export function htmlOf(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${linked(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

/** A whole page or mail without pictures, scripts or anything from elsewhere. */
export function htmlPage({ locale, title, body }: { locale: string; title: string; body: string }): string {
  return [
    '<!doctype html>',
    `<html lang="${locale}">`,
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>`,
    `<body style="font-family: sans-serif; max-width: 36em; margin: 1em auto; padding: 0 1em; line-height: 1.5">`,
    body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function linked(text: string): string {
  let from = 0;
  let html = '';
  for (const { 0: url, index } of text.matchAll(LINK)) {
    html += `${escapeHtml(text.slice(from, index))}<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`;
    from = index + url.length;
  }
  return html + escapeHtml(text.slice(from));
}
