import { describe, expect, it } from '@jest/globals';
import { runTemplates } from '../../src/bots/whatsapp-cloud/templates/command.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const titled = (...titles: readonly string[]) => titles.map((title, at) => ({ id: `c${at}`, title }));
const text = (words: string, ...titles: readonly string[]) =>
  ({ key: 'conversations.visits.list', locale: 'en', text: words, choices: titled(...titles) }) as const;
const details = {
  key: 'scenarios.details.text',
  values: {
    'patient.firstName': 'Anna',
    'appointment.weekday': 'Tuesday',
    'appointment.longDate': '3 March 2026',
    'appointment.start': '12:00',
    'doctor.name': 'Dr Brown',
    'branch.name': 'Hill Clinic',
  },
} as const;
const DETAILS_AS_TEMPLATE =
  'Hello! Anna, you are booked for Tuesday, 3 March 2026 at 12:00 with Dr Brown. See you at Hill Clinic.\n\nIf you have any questions, just reply to this message.';

describe('Inside the 24-hour window', () => {
  it('a text goes to the number without its plus, with the attempt’s id and without a preview of links', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    await channel.send(message());
    expect(server.calls).toEqual([
      {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: phone.slice(1),
        biz_opaque_callback_data: 'a-1',
        type: 'text',
        text: { preview_url: false, body: 'See you at 12:00' },
      },
    ]);
  });

  it('up to three short choices are reply buttons', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    await channel.send(message({ text: text('Will you come?', 'I will come', 'Reschedule', 'Cancel') }));
    expect(server.shown(phone)).toMatchObject([
      {
        how: 'button',
        text: 'Will you come?',
        choices: [
          { id: 'm-1.0', title: 'I will come' },
          { id: 'm-1.1', title: 'Reschedule' },
          { id: 'm-1.2', title: 'Cancel' },
        ],
      },
    ]);
  });

  it('up to ten choices are a list; a title that is too long is cut and stands whole below', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    await channel.send(message({ text: text('Which doctor?', 'Dr Brown', 'Professor Alexandra Montgomery-Smith') }));
    expect(server.shown(phone)[0]).toMatchObject({
      how: 'list',
      choices: [
        { id: 'm-1.0', title: 'Dr Brown' },
        { id: 'm-1.1', title: 'Professor Alexandra Mon…', description: 'Professor Alexandra Montgomery-Smith' },
      ],
    });
  });

  it('a title is never cut inside a character', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    await channel.send(message({ text: text('Which?', '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 'b', 'c', 'd') }));
    expect(server.shown(phone)[0]?.choices[0]?.title).toBe('👩‍👩‍👧👩‍👩‍👧…');
  });

  it('two choices of one title are numbered rows of a list, for Meta refuses such buttons', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    expect(await channel.send(message({ text: text('Which?', '10:00', '10:00') }))).toMatchObject({ kind: 'sent' });
    expect(server.shown(phone)[0]?.how).toBe('list');
  });

  it('eleven choices, or a text too long for buttons, are numbered lines, and no choice is lost', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    await channel.send(message({ text: text('Which?', ...Array.from({ length: 11 }, (_, at) => `day ${at + 1}`)) }));
    await channel.send(message({ attemptId: 'a-2', text: text('x'.repeat(1025), 'yes', 'no') }));
    await channel.send(message({ attemptId: 'a-3', text: text('x'.repeat(5000), 'yes', 'no') }));
    const [many, long, longest] = server.shown(phone);
    expect(many?.text.split('\n').at(-1)).toBe('11 – day 11');
    expect(long?.text.endsWith('\n\n1 – yes\n2 – no')).toBe(true);
    expect(longest?.text).toHaveLength(4096);
    expect(longest?.text.endsWith('x…\n\n1 – yes\n2 – no')).toBe(true);
  });

  it('somebody known by a user id alone is written to by that id, not by a number', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    const userId = 'GE.13491208655302741918';
    server.named('+995555777777', userId, { hidden: true });
    server.say('+995555777777', 'hello');
    await start();
    expect(await channel.send(message({ to: userId }))).toMatchObject({ kind: 'sent' });
    expect(server.calls[0]).toMatchObject({ recipient: userId, recipient_type: 'individual' });
    expect(server.calls[0]).not.toHaveProperty('to');
  });

  it('an address that is neither a number nor a user id is refused without a call', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    expect(await channel.send(message({ to: 'jane@example.com' }))).toEqual({
      kind: 'refused',
      reason: 'invalidAddress',
    });
    expect(server.calls).toEqual([]);
  });
});

describe('Outside the 24-hour window', () => {
  const late = { content: details, lastInboundAt: null };

  it('the approved template of the same key and language goes', async () => {
    const { channel, server, start, message, phone, clock } = await cloudBench(stores);
    await start();
    const wrote = clock.now();
    clock.advance(24 * HOUR_MS - 1);
    server.advance(23 * HOUR_MS);
    await channel.send(message({ content: details, lastInboundAt: wrote }));
    clock.advance(1);
    await channel.send(message({ attemptId: 'a-2', content: details, lastInboundAt: wrote }));
    expect(server.shown(phone).map((shown) => [shown.how, shown.text, shown.attemptId])).toEqual([
      ['text', 'See you at 12:00', 'a-1'],
      ['template', DETAILS_AS_TEMPLATE, 'a-2'],
    ]);
  });

  it('the template goes at once where Meta’s clock has closed the window before ours (131047)', async () => {
    const { channel, server, start, message, phone } = await cloudBench(stores);
    await start();
    server.advance(25 * HOUR_MS);
    expect(await channel.send(message({ content: details }))).toMatchObject({ kind: 'sent' });
    expect(server.calls.map(({ type }) => type)).toEqual(['text', 'template']);
    expect(server.shown(phone).map((shown) => shown.text)).toEqual([DETAILS_AS_TEMPLATE]);
  });

  it.each([
    ['PENDING', 'templateNotApproved'],
    ['REJECTED', 'templateNotApproved'],
    ['PAUSED', 'templateNotApproved'],
  ])('a template that is %s is not tried: the next channel is', async (status, reason) => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    server.turnTemplate('zabota_details_text', 'en', status);
    await server.webhooks.idle();
    expect(await channel.send(message(late))).toEqual({ kind: 'refused', reason });
    expect(server.calls).toEqual([]);
  });

  it('a template that was approved a moment ago is used, as the webhook tells', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    server.turnTemplate('zabota_details_text', 'en', 'PENDING');
    server.turnTemplate('zabota_details_text', 'en', 'APPROVED');
    await server.webhooks.idle();
    expect(await channel.send(message(late))).toMatchObject({ kind: 'sent' });
  });

  it('a template that was submitted and approved while we run is found within the minute that its webhook comes', async () => {
    const { channel, server, start, message, pass, log } = await cloudBench(stores);
    await start({ templates: false });
    expect(await channel.send(message(late))).toEqual({ kind: 'refused', reason: 'templateMissing' });
    expect(log.lines).toEqual([{ level: 'warn', event: 'whatsapp.templatesMissing', fields: { usable: 0, of: 48 } }]);
    await runTemplates(['submit'], server.settings, sentence, { out: () => undefined, err: () => undefined });
    server.templates.approveAll();
    server.turnTemplate('zabota_details_text', 'en', 'APPROVED');
    await server.webhooks.idle();
    pass(MINUTE_MS);
    await until(async () => (await channel.send(message(late))).kind === 'sent');
  });

  it('statuses are asked for once an hour too, for a webhook may be lost', async () => {
    const { channel, server, start, message, pass } = await cloudBench(stores);
    await start();
    const listed = server.templates.listed();
    for (const template of server.templates.all) template.status = 'DISABLED';
    pass(59 * MINUTE_MS);
    expect(await channel.send(message(late))).toEqual({ kind: 'refused', reason: 'templateDisabled' });
    expect(server.templates.listed()).toBe(listed);
    pass(MINUTE_MS);
    await until(async () => {
      const answer = await channel.send(message(late));
      return answer.kind === 'refused' && answer.reason === 'templateNotApproved';
    });
  });

  it('a template whose values are not ours is not filled wrongly', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    await runTemplates(['submit'], server.settings, sentence, { out: () => undefined, err: () => undefined });
    server.templates.approveAll();
    server.templates.edit('zabota_details_text', 'en', 'You are booked with {{1}} in our clinic.');
    await start({ templates: false });
    expect(await channel.send(message(late))).toEqual({ kind: 'refused', reason: 'templateChanged' });
  });

  it('what has no template, such as a reply that comes too late, is refused', async () => {
    const { channel, start, message } = await cloudBench(stores);
    await start();
    const content = { key: 'conversations.staffWords', values: { text: 'Hello' } };
    expect(await channel.send(message({ content, lastInboundAt: null }))).toEqual({
      kind: 'refused',
      reason: 'windowClosed',
    });
  });
});
