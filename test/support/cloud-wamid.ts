/** An id as Meta makes them: base64, with the number of the person in it. */
export function wamidOf(phone: string, place: number): string {
  const number = Buffer.from(phone.replace('+', ''));
  const rest = Buffer.from(String(place).padStart(20, '0'));
  const head = Buffer.from([0x1c, 0x18, number.length]);
  const middle = Buffer.from([0x15, 2, 0, 0x11, 0x18, rest.length]);
  return `wamid.${Buffer.concat([head, number, middle, rest, Buffer.from([0])]).toString('base64')}`;
}
