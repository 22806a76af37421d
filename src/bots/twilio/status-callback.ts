/** Makes Twilio repeat a call that met a fault of ours, or nobody (source: Twilio, Webhook connection overrides). */
export const TRY_AGAIN = '#rc=5&rp=5xx,ct,rt';

/** Where Twilio tells what became of an attempt. */
export function statusCallback(publicUrl: string, attemptId: string): string {
  return `${publicUrl}/hooks/twilio?attempt=${attemptId}${TRY_AGAIN}`;
}
