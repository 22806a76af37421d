/** Who a mail is from. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** `MAIL_FROM`: an address, or `Name <address>`, checked by the configuration. */
export function parseMailbox(text: string): Mailbox {
  const [, name = '', address] = /^\s*"?([^"<]*)"?\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  return address === undefined ? { name: '', address: text.trim() } : { name: name.trim(), address: address.trim() };
}

/** The part behind the `@`, for ids that are ours. */
export function domainOf({ address }: Mailbox): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** One line of a header: line ends and other control characters never reach it (spec: reliability.md B5, 22). */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
