/** The object without the fields that the API does not show. */
export function without<T extends object, K extends keyof T & string>(whole: T, ...hidden: readonly K[]): Omit<T, K> {
  const shown = Object.entries(whole).filter(([field]) => !hidden.some((name) => name === field));
  return Object.fromEntries(shown) as unknown as Omit<T, K>;
}
