import { describe, expect, it } from '@jest/globals';
import { createSimulator, type SimulatorWithChannels } from '../../src/bots/simulator/simulator.ts';
import type { ChatAddress } from '../../src/core/address.ts';
import type { RenderedChoice } from '../../src/core/content.ts';
import type { InboundBody } from '../../src/core/inbound.ts';
import { countIds } from '../support/count-ids.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { simulator: store } = stores;
const jane: ChatAddress = { channel: 'whatsapp', address: '+995555123456' };
const YES_NO: readonly RenderedChoice[] = [
  { id: 'confirm', title: 'Yes, I will come' },
  { id: 'cancel', title: 'No' },
];

/** Phones whose bot answers every message with `echo`, when what was said is settled. */
async function setUp() {
  await store.reset();
  const heard: InboundBody[] = [];
  const at: ChatAddress[] = [];
  const say = async (simulator: SimulatorWithChannels, to: ChatAddress, id: string, choices = YES_NO) => {
    const channel = [...simulator.channels.values()].find(({ name }) => name === to.channel);
    const text = { key: 'k', locale: 'en', text: id, choices } as const;
    await channel?.send(outgoing({ attemptId: `a-${id}`, messageId: `m-${id}`, to: to.address, text }));
  };
  const simulator: SimulatorWithChannels = createSimulator({
    store,
    clock: fakeClock('2026-03-02T09:00:00Z'),
    newId: countIds('p'),
    settled: async (address) => {
      at.push(address);
      await say(simulator, address, `echo${at.length}`, []);
    },
  });
  for (const channel of simulator.channels.values())
    await channel.start({
      received: async ({ body }) => {
        heard.push(body);
      },
      receipt: async () => undefined,
      closed: async () => undefined,
    });
  return { simulator, heard, say: (id: string, to = jane, choices = YES_NO) => say(simulator, to, id, choices) };
}

describe('A simulated phone', () => {
  it('says a text and shows the bot’s new lines', async () => {
    const { simulator, heard } = await setUp();
    const lines = await simulator.act(jane, { text: 'hello' });
    expect(heard).toEqual([{ kind: 'text', text: 'hello' }]);
    expect(lines.map(({ from, text }) => `${from} ${text}`)).toEqual(['bot echo1']);
    expect((await simulator.messages(jane)).map(({ from, text }) => `${from} ${text}`)).toEqual([
      'patient hello',
      'bot echo1',
    ]);
  });

  it('quotes a line of the chat: the bot hears of its own message', async () => {
    const { simulator, heard, say } = await setUp();
    await say('first');
    await simulator.act(jane, { text: 'yes', quote: 'a-first' });
    expect(heard).toEqual([{ kind: 'text', text: 'yes', quote: 'm-first' }]);
  });

  it('quotes nothing of another chat', async () => {
    const { simulator, say } = await setUp();
    await say('first', { channel: 'whatsapp', address: '+995555000000' });
    await expect(simulator.act(jane, { text: 'yes', quote: 'a-first' })).rejects.toMatchObject({
      code: 'invalid',
      details: [{ path: 'quote', message: 'is not a message of this chat' }],
    });
  });

  it('taps the newest message that offers the choice', async () => {
    const { simulator, heard, say } = await setUp();
    await say('old');
    await say('new');
    await say('other', jane, [{ id: 'later', title: 'Later' }]);
    await simulator.act(jane, { choice: 'confirm' });
    expect(heard).toEqual([{ kind: 'choice', choice: 'confirm', message: 'm-new' }]);
    expect((await simulator.messages(jane)).at(-2)?.text).toBe('Yes, I will come');
  });

  it('taps an older message where it is named', async () => {
    const { simulator, heard, say } = await setUp();
    await say('old');
    await say('new');
    await simulator.act(jane, { choice: 'confirm', message: 'a-old' });
    expect(heard).toEqual([{ kind: 'choice', choice: 'confirm', message: 'm-old' }]);
  });

  it('taps no choice that nobody offered, and leaves no trace of it', async () => {
    const { simulator, say, heard } = await setUp();
    await say('new');
    await expect(simulator.act(jane, { choice: 'nothing' })).rejects.toMatchObject({
      code: 'invalid',
      details: [{ path: 'choice', message: 'no message of this chat offers it' }],
    });
    expect(heard).toEqual([]);
    expect(await simulator.messages(jane)).toHaveLength(1);
  });

  it('has no choices in SMS, where they are numbered text', async () => {
    const { simulator, say } = await setUp();
    const phone: ChatAddress = { channel: 'sms', address: '+995555123456' };
    await say('new', phone);
    expect((await simulator.messages(phone))[0]).toMatchObject({
      text: 'new\n\n1 - Yes, I will come\n2 - No',
      choices: [],
    });
    await expect(simulator.act(phone, { choice: 'confirm' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('shares its own number, and sends voice, picture and sticker', async () => {
    const { simulator, heard } = await setUp();
    const chat: ChatAddress = { channel: 'telegram', address: '700' };
    await simulator.act(chat, { contact: { phone: '+995555123456' } });
    for (const media of ['voice', 'image', 'sticker'] as const) await simulator.act(chat, { media });
    expect(heard).toEqual([
      { kind: 'contact', phone: '+995555123456', own: true },
      { kind: 'media', media: 'voice' },
      { kind: 'media', media: 'image' },
      { kind: 'media', media: 'sticker' },
    ]);
  });

  it('does one thing after another: each gets the replies to itself', async () => {
    const { simulator } = await setUp();
    const answers = await Promise.all([simulator.act(jane, { text: 'a' }), simulator.act(jane, { text: 'b' })]);
    expect(answers.map((lines) => lines.map(({ text }) => text))).toEqual([['echo1'], ['echo2']]);
  });

  it('shows nothing of a chat that never was', async () => {
    const { simulator } = await setUp();
    expect(await simulator.messages(jane)).toEqual([]);
  });

  it('shows what came after a line', async () => {
    const { simulator, say } = await setUp();
    await say('one');
    await say('two');
    expect((await simulator.messages(jane, 'a-one')).map(({ id }) => id)).toEqual(['a-two']);
  });

  it('stands in a list with its newest line, the newest first', async () => {
    const { simulator, say } = await setUp();
    await say('one');
    await say('two', { channel: 'sms', address: '+995555123456' }, []);
    expect((await simulator.chats()).map(({ at, text }) => `${at.channel} ${text}`)).toEqual([
      'sms two',
      'whatsapp one',
    ]);
  });

  it('is not there for a channel that is not simulated', async () => {
    const { simulator } = await setUp();
    const voice: ChatAddress = { channel: 'voice', address: '+995555123456' };
    await expect(simulator.act(voice, { text: 'hello' })).rejects.toMatchObject({ code: 'notFound' });
    await expect(simulator.setMode('voice', 'down')).rejects.toMatchObject({ code: 'notFound' });
    await expect(simulator.setReachable(voice, false)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('takes nothing once it is out of reach', async () => {
    const { simulator, say } = await setUp();
    await simulator.setReachable(jane, false);
    await say('one');
    await simulator.setReachable(jane, true);
    await say('two');
    expect((await simulator.messages(jane)).map(({ text }) => text)).toEqual(['two']);
  });
});
