const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|GMT|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/** Reads an ISO 8601 date, UTC when it names no offset. Undefined for any other form of date or a day that is none. */
export function parseInstant(text: string): Date | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0));
  const ms = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day);
  local.setUTCHours(hour ?? 0, minute, second, ms);
  const isReal =
    local.getUTCMonth() + 1 === month && local.getUTCDate() === day && (hour ?? 0) < 24 && (minute ?? 0) < 60;
  if (!isReal || (second ?? 0) > 59) return undefined;
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(match[8] ?? '');
  const minutes = offset ? (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1) : 0;
  return new Date(local.getTime() - minutes * 60_000);
}
