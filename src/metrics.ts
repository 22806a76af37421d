import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Metrics } from './core/metrics.ts';

/** The service's figures in Prometheus' text form; `text` is what `/metrics` answers. */
export function createMetrics(options: { process: boolean }): {
  metrics: Metrics;
  text(): Promise<string>;
  contentType: string;
} {
  const register = new Registry();
  if (options.process) collectDefaultMetrics({ register });
  const registers = [register];
  const sent = new Counter({
    name: 'zabota_messages_sent_total',
    help: 'Messages that a channel accepted',
    labelNames: ['scenario', 'channel'],
    registers,
  });
  const skipped = new Counter({
    name: 'zabota_messages_skipped_total',
    help: 'Looks at a subject that ended in a skip',
    labelNames: ['scenario', 'reason'],
    registers,
  });
  const refused = new Counter({
    name: 'zabota_sends_refused_total',
    help: 'Sends that a channel refused for good',
    labelNames: ['channel', 'reason'],
    registers,
  });
  const unknown = new Counter({
    name: 'zabota_sends_unknown_total',
    help: 'Sends whose outcome is not known',
    labelNames: ['channel'],
    registers,
  });
  const received = new Counter({
    name: 'zabota_messages_received_total',
    help: 'Messages that patients and staff sent',
    labelNames: ['channel', 'kind'],
    registers,
  });
  const reading = new Counter({
    name: 'zabota_replies_read_total',
    help: 'How replies were understood',
    labelNames: ['reading'],
    registers,
  });
  const late = new Histogram({
    name: 'zabota_message_late_seconds',
    help: 'Moment sent minus moment planned',
    buckets: [0.1, 0.25, 1, 5, 30, 60, 300, 1800, 3600],
    registers,
  });
  const http = new Histogram({
    name: 'zabota_http_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const metrics: Metrics = {
    sent: (labels) => sent.inc(labels),
    skipped: (labels) => skipped.inc(labels),
    refused: (labels) => refused.inc(labels),
    unknown: (labels) => unknown.inc(labels),
    received: (labels) => received.inc(labels),
    reading: (labels) => reading.inc(labels),
    lateSeconds: (seconds) => late.observe(seconds),
    http: (labels, seconds) => http.observe(labels, seconds),
  };
  return { metrics, text: () => register.metrics(), contentType: register.contentType };
}
