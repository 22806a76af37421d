import { MongoError } from '../errors.ts';

/**
 * Compiles a MongoDB (PCRE) pattern for JavaScript. Options i, m, s, x and u are known, others are refused with
 * MongoDB's code 51108; a pattern that JavaScript cannot read is refused with 51091.
 */
export function compileRegex(pattern: string, options: string): RegExp {
  const unknown = [...options].find((option) => !'imsxu'.includes(option));
  if (unknown !== undefined) throw new MongoError(51108, `invalid flag in regex options: ${unknown}`);
  let source = pattern;
  let flags = [...new Set(options.replace(/[xu]/g, ''))].join('');
  if (options.includes('x')) source = withoutSpaces(source);
  const inline = /^\(\?([imsx]+)\)/.exec(source);
  if (inline?.[1]) {
    source = source.slice(inline[0].length);
    if (inline[1].includes('x')) source = withoutSpaces(source);
    flags = [...new Set(flags + inline[1].replace('x', ''))].join('');
  }
  source = source.replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\Z', '$');
  const compile = (unicode: string): RegExp => new RegExp(source, flags + unicode);
  try {
    // Unicode mode reads whole characters; older escapes such as "\-" are only known without it.
    try {
      return compile('u');
    } catch {
      return compile('');
    }
  } catch (error) {
    throw new MongoError(51091, `Regular expression is invalid: ${error instanceof Error ? error.message : pattern}`);
  }
}

/** Option x: spaces and comments outside of brackets do not count. */
const withoutSpaces = (source: string): string =>
  source.replace(/(\\.|\[(?:\\.|[^\]])*\])|\s+|#.*$/gm, (_, kept: string | undefined) => kept ?? '');

/** The text that every match begins with ("^abc" → "abc"), empty when there is none to be sure of. */
export function literalPrefix(pattern: string, options: string): string {
  if (/[imx]/.test(options) || !pattern.startsWith('^') || pattern.includes('|')) return '';
  let rest = pattern.slice(1);
  let prefix = '';
  while (rest !== '') {
    const escaped = /^\\([^\p{L}\p{N}])/u.exec(rest);
    const character = escaped?.[1] ?? /^[\p{L}\p{N} _@\-:/,;!%&=~"'<>]/u.exec(rest)?.[0];
    if (character === undefined) break;
    rest = rest.slice(escaped ? escaped[0].length : character.length);
    if (/^[*?+{]/.test(rest)) return /^\+/.test(rest) ? prefix + character : prefix;
    prefix += character;
  }
  return prefix;
}
