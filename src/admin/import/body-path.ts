/** `body.phones[0]` for the path `phones.0` of an answer; paths of the line itself stay as they are. */
export function bodyPath(path: string): string {
  const [first = ''] = path.split('.');
  return ['body', 'key', 'type'].includes(first) ? bracketed(path) : `body.${bracketed(path)}`;
}

/** The path of the resource that a path of the body came from, by its longest known beginning. */
export function resourcePath(path: string, fields: Readonly<Record<string, string>>): string {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const known = fields[parts.slice(0, length).join('.')];
    if (known !== undefined) return known;
  }
  return bracketed(path);
}

/** Rewrites the path of every `path: message` in the words of a refusal. */
export function withPaths(words: string, rewrite: (path: string) => string): string {
  return words
    .split('; ')
    .map((part) => {
      const [, path, message] = /^([A-Za-z0-9_.]{1,200}): (.*)$/s.exec(part) ?? [];
      return path === undefined || message === undefined ? part : `${rewrite(path)}: ${message}`;
    })
    .join('; ');
}

function bracketed(path: string): string {
  return path.replace(/\.(\d+)(?=\.|$)/g, '[$1]');
}
