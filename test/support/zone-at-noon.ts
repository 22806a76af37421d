/** A zone in which it is about noon now: messages have hours of the day, and tests run at any. */
export function zoneAtNoon(): string {
  const behind = new Date().getUTCHours() - 12;
  return behind === 0 ? 'Etc/UTC' : `Etc/GMT${behind > 0 ? '+' : ''}${behind}`;
}
