/**
 * A copy of an object that lacks some of its fields.
 * @param {Readonly<Record<string, any>>} whole @param {...string} names @returns {Record<string, any>}
 */
export function without(whole, ...names) {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));
}
