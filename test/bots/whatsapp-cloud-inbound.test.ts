import { describe, expect, it } from '@jest/globals';
import { messageKey } from '../../src/bots/whatsapp-cloud/message-key.ts';
import { createNewId } from '../../src/system.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores({ newId: createNewId() });
const USER = 'GE.13491208655302741918';

describe('What a patient writes', () => {
  it('comes from their number with a plus, under Meta’s id of the message', async () => {
    const { server, start, received, phone } = await cloudBench(stores);
    await start();
    const id = server.say(phone, 'Да');
    await server.webhooks.idle();
    expect(received).toMatchObject([
      { id: messageKey(id), from: { channel: 'whatsapp', address: phone }, body: { kind: 'text', text: 'Да' } },
    ]);
  });

  it('quotes our message where it does, and nobody’s otherwise', async () => {
    const { server, start, received, phone, stored } = await cloudBench(stores);
    await start();
    const ours = await stored({ wamid: 'wamid.ours' });
    server.say(phone, 'Да', { quote: 'wamid.ours' });
    server.say(phone, 'Да', { quote: 'wamid.theirs' });
    server.react(phone, '👍', 'wamid.ours');
    await server.webhooks.idle();
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'Да', quote: ours },
      { kind: 'text', text: 'Да' },
      { kind: 'text', text: '👍', quote: ours },
    ]);
  });

  it.each(['button', 'list', 'template'] as const)(
    'is a choice where they tap a %s, believed only from the chat that it went to',
    async (how) => {
      const { server, channel, start, received, phone, stored, message } = await cloudBench(stores);
      await start();
      const titles =
        how === 'list' ? ['I will come', 'Reschedule', 'Cancel', 'Call me'] : ['I will come', 'Reschedule', 'Cancel'];
      const keys = ['confirm', 'reschedule', 'cancel'].map((id) => ({ id, key: `scenarios.confirmation.${id}` }));
      const choices = titles.map((title, at) => ({ id: `choice${at}`, title }));
      const messageId = await stored({ choices });
      const other = '+995555000001';
      server.say(other, 'hello');
      for (const to of [phone, other])
        await channel.send(
          message({
            to,
            messageId,
            text: { key: 'scenarios.confirmation.text', locale: 'en', text: 'Will you come?', choices },
            content: { key: 'scenarios.confirmation.text', values: {}, choices: keys },
            ...(how === 'template' && { lastInboundAt: null }),
          }),
        );
      await server.webhooks.idle();
      received.length = 0;
      expect(server.shown(phone).at(-1)?.how).toBe(how);
      server.tap(phone, 'Reschedule');
      server.tap(other, 'Reschedule');
      await server.webhooks.idle();
      expect(received.map(({ body }) => body)).toEqual([
        { kind: 'choice', choice: 'choice1', message: messageId },
        { kind: 'choice', choice: 'unknown' },
      ]);
    },
  );

  it('may be anything else: media of its kind, and never a fault', async () => {
    const { server, start, received, phone } = await cloudBench(stores);
    await start();
    const types = ['audio', 'image', 'sticker', 'video', 'document', 'location', 'contacts', 'order', 'unsupported'];
    for (const type of types) server.sendAny(phone, { type, [type]: type === 'contacts' ? [{}] : { id: '1' } });
    server.sendAny(phone, {
      type: 'interactive',
      interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{}' } },
    });
    await server.webhooks.idle();
    expect(received.map(({ body }) => (body.kind === 'media' ? body.media : body.kind))).toEqual([
      ...['voice', 'image', 'sticker', 'other', 'other', 'other', 'other', 'other', 'other', 'other'],
    ]);
  });

  it('keeps its order where a webhook carries several', async () => {
    const { server, start, received, phone, events } = await cloudBench(stores);
    await start();
    const { received: keep } = events;
    let slow = 3;
    events.received = async (message) => {
      for (let turn = (slow -= 1) * 20; turn > 0; turn -= 1) await Promise.resolve();
      await keep(message);
    };
    await server.webhooks.post(
      JSON.stringify({
        entry: [
          {
            id: server.settings.accountId,
            changes: ['one', 'two', 'three'].map((body) => ({
              field: 'messages',
              value: {
                metadata: { phone_number_id: server.settings.phoneId },
                contacts: [{ wa_id: phone.slice(1) }],
                messages: [{ id: `wamid.${body}`, from: phone.slice(1), type: 'text', text: { body } }],
              },
            })),
          },
        ],
      }),
    );
    expect(received.map(({ id }) => id)).toEqual(['wamid.one', 'wamid.two', 'wamid.three'].map(messageKey));
  });

  it('from a number that they have left closes the chat of that number', async () => {
    const { server, start, received, closed, phone } = await cloudBench(stores);
    await start();
    server.sendAny(phone, {
      type: 'system',
      system: { type: 'user_changed_number', wa_id: '995555000009', body: 'changed' },
    });
    await server.webhooks.idle();
    expect([received, closed]).toEqual([[], [phone]]);
  });

  it('stands in no log line, and neither does their number', async () => {
    const { server, start, log, phone } = await cloudBench(stores);
    await start();
    server.say(phone, 'My secret illness');
    server.sendAny(phone, { type: 'hologram', hologram: { body: 'My secret illness' } });
    await server.webhooks.idle();
    const written = JSON.stringify(log.lines);
    expect(log.lines).not.toEqual([]);
    expect([
      written.includes('illness'),
      written.includes(phone.slice(1)),
      written.includes(server.settings.token),
    ]).toEqual([false, false, false]);
  });
});

describe('A patient who goes by a user id', () => {
  it('is known by the number that came with the id before, also after a restart', async () => {
    const { server, start, received, phone, channel, events } = await cloudBench(stores);
    await start();
    server.named(phone, USER);
    server.say(phone, 'with my number');
    server.named(phone, USER, { hidden: true });
    await server.webhooks.idle();
    await channel.stop();
    await channel.start(events);
    server.say(phone, 'without it');
    await server.webhooks.idle();
    expect(received.map(({ from }) => from.address)).toEqual([phone, phone]);
    expect(await stores.channelMemory.keysOf('whatsapp', phone)).toContain(`user.${USER}`);
  });

  it('is known by our message that they answer, which went to their number', async () => {
    const { server, start, received, phone, stored } = await cloudBench(stores);
    await start();
    await stored({ wamid: 'wamid.to-the-number' });
    server.named(phone, 'GE.77', { hidden: true });
    server.say(phone, 'Да', { quote: 'wamid.to-the-number' });
    server.say(phone, 'and more');
    await server.webhooks.idle();
    expect(received.map(({ from }) => from.address)).toEqual([phone, phone]);
  });

  it('and whose number nobody knows is a chat of that id, which is no number', async () => {
    const { server, start, received } = await cloudBench(stores);
    await start();
    server.named('+995555333333', 'GE.88', { hidden: true });
    server.say('+995555333333', 'hello');
    await server.webhooks.idle();
    expect(received).toMatchObject([
      { from: { channel: 'whatsapp', address: 'GE.88' }, body: { kind: 'text', text: 'hello' } },
    ]);
  });

  it('is not taken for a number that they have left', async () => {
    const { server, start, received, closed } = await cloudBench(stores);
    await start();
    const number = '+995555666666';
    server.named(number, 'GE.66');
    server.say(number, 'with my number');
    server.sendAny(number, { type: 'system', system: { type: 'user_changed_number', body: 'changed' } });
    await server.webhooks.idle();
    server.named(number, 'GE.66', { hidden: true });
    server.say(number, 'from the new one');
    await server.webhooks.idle();
    expect(closed).toEqual([number]);
    expect(received.map(({ from }) => from.address)).toEqual([number, 'GE.66']);
  });

  it('is not known any more when their number was erased', async () => {
    const { server, start, received } = await cloudBench(stores);
    await start();
    const number = '+995555444444';
    server.named(number, 'GE.99');
    server.say(number, 'with my number');
    await server.webhooks.idle();
    for (const key of await stores.channelMemory.keysOf('whatsapp', number))
      await stores.channelMemory.forget('whatsapp', key);
    server.named(number, 'GE.99', { hidden: true });
    server.say(number, 'without it');
    await server.webhooks.idle();
    expect(received.map(({ from }) => from.address)).toEqual([number, 'GE.99']);
  });
});
