import { createHash } from 'node:crypto';

/** What the page's HTML is made of; `modules` and `styles` are URLs. */
export interface DocumentParts {
  readonly demo: boolean;
  readonly importMap: string;
  readonly modules: readonly string[];
  readonly styles: readonly string[];
  readonly start: string;
  /** Said where scripts are off, one sentence a language. */
  readonly withoutScripts: readonly { readonly locale: string; readonly text: string }[];
}

/**
 * The one HTML document of the console and the policy to send with it. The import map is the only inline part and is
 * allowed by its hash; everything else comes from the service itself.
 */
export function consoleDocument(parts: DocumentParts): { readonly html: string; readonly policy: string } {
  const hash = createHash('sha256').update(parts.importMap).digest('base64');
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta name="demo" content="${parts.demo}">`,
    '<title>Zabota</title>',
    '<link rel="icon" href="/console/icon.svg" type="image/svg+xml">',
    ...parts.styles.map((url) => `<link rel="stylesheet" href="${url}">`),
    `<script type="importmap">${parts.importMap}</script>`,
    ...parts.modules.map((url) => `<link rel="modulepreload" href="${url}">`),
    `<script type="module" src="${parts.start}"></script>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    '<noscript>',
    ...parts.withoutScripts.map(({ locale, text }) => `<p lang="${locale}">${escapeHtml(text)}</p>`),
    '</noscript>',
    '</body>',
    '</html>',
    '',
  ];
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html: lines.join('\n'), policy };
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
