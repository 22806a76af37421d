/** What the service counts; label values are codes and keys, never patient data. */
export interface Metrics {
  sent(labels: { scenario: string; channel: string }): void;
  skipped(labels: { scenario: string; reason: string }): void;
  refused(labels: { channel: string; reason: string }): void;
  unknown(labels: { channel: string }): void;
  received(labels: { channel: string; kind: string }): void;
  reading(labels: { reading: string }): void;
  lateSeconds(seconds: number): void;
  http(labels: { method: string; route: string; status: string }, seconds: number): void;
}
