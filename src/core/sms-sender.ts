/** What Twilio takes as an alphanumeric sender: up to 11 letters, digits and spaces, a letter among them. Nobody can answer it. */
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/;
const NUMBER = /^\+[1-9]\d{6,14}$/;

/** True for what an SMS can come from: a name that networks take, or a number as E.164. */
export function isSmsSender(text: string): boolean {
  return NAME.test(text) || NUMBER.test(text);
}
