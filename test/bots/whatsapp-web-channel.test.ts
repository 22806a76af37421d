import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { channelContract } from '../contracts/channel.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { whatsappWebBench } from '../support/whatsapp-web-bench.ts';

const HOUR = 3_600_000;
const UNKNOWN = { kind: 'unknown', askAfterMs: 60_000 };
const { stores } = await openTestStores();
await stores.simulator.reset();
const bench = await whatsappWebBench(stores);
const { page, channel, receipts, received } = bench;
afterAll(() => bench.remove());

let attempts = 0;
const send = (change: Partial<Parameters<typeof outgoing>[0]> = {}) => {
  attempts += 1;
  return channel.send(outgoing({ to: '+79161234567', attemptId: `t-${attempts}`, ...change }));
};
/** Says it to the channel and waits until the service has it. */
const hears = async (said: Partial<Parameters<typeof page.say>[0]>): Promise<void> => {
  const id = await page.say({ from: '79161234567', ...said });
  await until(() => received.some((one) => one.id === id));
};
const lastId = (): string => page.sent.at(-1)?.id ?? '';

channelContract({
  name: 'WhatsApp Web',
  create: async () => {
    page.acks(1, 2);
    page.unknown('79160000000');
    // What an earlier test has brought upon the account is over by then.
    bench.advance(25 * HOUR);
    const before = page.sent.length;
    const chat = (address: string): string => `${address.slice(1)}@c.us`;
    return {
      channel: {
        ...channel,
        async start(events) {
          await channel.start(events);
          await until(() => channel.health().state === 'up' || /^qr:/.test(channel.health().detail ?? ''));
          if (channel.health().state !== 'up') await page.link();
          await bench.is('up');
        },
      },
      reachable: '+79161234567',
      unreachable: '+79160000000',
      arrived: async (address) =>
        page.sent
          .slice(before)
          .filter((one) => one.chat === chat(address))
          .map(({ text }) => text),
      fallSilent: async () => page.acks(),
      async limit() {
        page.acks(-1);
        for (const to of ['+79161110001', '+79161110002', '+79161110003'])
          await channel.send(outgoing({ to, attemptId: `limit ${to}` }));
        page.acks(1, 2);
      },
    };
  },
});

describe('WhatsApp Web', () => {
  beforeAll(() => channel.start(bench.events));
  beforeEach(() => page.acks(1, 2));

  it('calls nothing sent that WhatsApp has not taken, and learns late what became of it', async () => {
    page.acks();
    const before = page.sent.length;
    const resolved = () => receipts.filter(({ attemptId }) => attemptId !== undefined);
    const answers = await Promise.all([
      send({ attemptId: 'late', to: '+79161234567' }),
      send({ attemptId: 'refused late', to: '+79161234568' }),
    ]);
    expect(answers).toEqual([UNKNOWN, UNKNOWN]);
    expect(await channel.find('late')).toEqual({ kind: 'silent' });
    const idOf = (chat: string) => page.sent.slice(before).find((one) => one.chat === chat)?.id ?? '';
    await page.ack(idOf('79161234567@c.us'), 1);
    await page.ack(idOf('79161234568@c.us'), -1);
    await until(() => resolved().length === 2);
    expect(resolved()).toMatchObject([
      { status: 'sent', providerId: idOf('79161234567@c.us'), attemptId: 'late' },
      { status: 'failed', providerId: idOf('79161234568@c.us'), attemptId: 'refused late', reason: 'rejected' },
    ]);
    expect(await channel.find('late')).toEqual({
      kind: 'sent',
      providerId: idOf('79161234567@c.us'),
      delivered: false,
    });
    expect(await channel.find('refused late')).toEqual({ kind: 'silent' });
  });

  it('tells of each receipt once, in a rising order, however they come', async () => {
    page.acks(1);
    const before = receipts.length;
    await send();
    for (const ack of [3, 2, 3, 4]) await page.ack(lastId(), ack);
    await hears({ text: 'a line behind the receipts' });
    expect(receipts.slice(before).map(({ status }) => status)).toEqual(['read']);
  });

  it('is unknown, and silent when asked, where the page takes a message and does not come back', async () => {
    page.hangs(true);
    page.acks();
    const answer = await send({ attemptId: 'hung' });
    page.hangs(false);
    expect(answer).toMatchObject({ kind: 'unknown' });
    expect(await channel.find('hung')).toEqual({ kind: 'silent' });
  });

  it('leaves strangers alone for a day when WhatsApp refuses one, and goes on with those who know us', async () => {
    page.acks(-1);
    const stranger = { to: '+79162220001', lastInboundAt: null };
    expect(await send(stranger)).toEqual({ kind: 'refused', reason: 'coldLimited' });
    page.acks(1, 2);
    const before = page.sent.length;
    expect(await send(stranger)).toEqual({ kind: 'refused', reason: 'coldLimited' });
    expect(page.sent).toHaveLength(before);
    expect(channel.health()).toMatchObject({ state: 'up', detail: 'coldLimited' });
    expect(await send()).toMatchObject({ kind: 'sent' });
    bench.advance(25 * HOUR);
    expect(await send(stranger)).toMatchObject({ kind: 'sent' });
  });

  it('sends to the number under which WhatsApp knows it', async () => {
    page.knows('5511987654321', { as: '551187654321@c.us' });
    expect(await send({ to: '+5511987654321' })).toMatchObject({ kind: 'sent' });
    expect(page.sent.at(-1)).toMatchObject({ chat: '551187654321@c.us' });
  });

  it('closes the chat of a number without WhatsApp, and hands nothing to the page', async () => {
    page.unknown('79160000001');
    const before = page.sent.length;
    expect(await send({ to: '+79160000001' })).toEqual({ kind: 'refused', reason: 'notOnWhatsapp', closes: true });
    expect(await channel.find(`t-${attempts}`)).toEqual({ kind: 'absent' });
    expect(page.sent).toHaveLength(before);
  });

  it('takes words, captions, voice and stickers of one person, and nothing else', async () => {
    const group = { from: '12345-678@g.us' };
    for (const type of ['e2e_notification', 'revoked', 'protocol', 'call_log', 'reaction', 'nobody knows this one'])
      await page.say({ from: '79161234567', type, text: 'not a message' });
    await page.say({ ...group, text: 'in a group' });
    await page.say({ from: 'status@broadcast', text: 'a status' });
    await page.say({ from: '79161234567', text: 'to a list', more: { broadcast: true } });
    const before = received.length;
    await page.say({ from: '79161234567', text: 'да' });
    await page.say({ from: '79161234567', type: 'ptt' });
    await page.say({ from: '79161234567', type: 'image', text: 'c21hbGwgcGljdHVyZQ==' });
    await page.say({ from: '79161234567', type: 'image', text: 'c21hbGwgcGljdHVyZQ==', more: { caption: '5' } });
    await page.say({ from: '79161234567', type: 'sticker' });
    await until(() => received.length === before + 5);
    expect(received.slice(before).map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'да' },
      { kind: 'media', media: 'voice' },
      { kind: 'media', media: 'image' },
      { kind: 'text', text: '5' },
      { kind: 'media', media: 'sticker' },
    ]);
    expect(received.at(-1)?.from).toEqual({ channel: 'whatsapp', address: '+79161234567' });
  });

  it('has no number in the ids that it gives', async () => {
    await send();
    await hears({ text: 'hello' });
    expect(`${received.at(-1)?.id} ${lastId()}`).not.toContain('9161234567');
  });

  it('finds the number behind a LID, once, and keeps it', async () => {
    await hears({ lid: '70001', text: 'from behind a LID' });
    expect(received.at(-1)?.from.address).toBe('+79161234567');
    expect(await stores.channelMemory.get('whatsapp', 'lid:70001')).toBe('+79161234567');
  });

  it('never takes a LID for a number, and answers it where it is', async () => {
    await hears({ from: null, lid: '79169998877', text: 'hidden' });
    expect(received.at(-1)?.from.address).toBe('lid:79169998877');
    expect(await send({ to: 'lid:79169998877' })).toMatchObject({ kind: 'sent' });
    expect(page.sent.at(-1)).toMatchObject({ chat: '79169998877@lid' });
  });

  it('gives a message again to a service that could not keep it', async () => {
    let refusals = 2;
    await channel.start({
      ...bench.events,
      async received(message) {
        if (refusals === 0) return bench.events.received(message);
        refusals -= 1;
        throw new Error('The database is away.');
      },
    });
    await hears({ text: 'kept at the third go' });
    await channel.start(bench.events);
    expect(received.at(-1)?.body).toEqual({ kind: 'text', text: 'kept at the third go' });
  });

  it('comes up again after the page has reloaded, and hears each message once', async () => {
    await page.reload();
    await bench.is('connecting', 'syncing');
    expect(await send()).toEqual({ kind: 'retry', afterMs: 30_000, reason: 'notConnected' });
    await bench.is('up');
    const before = received.length;
    await hears({ text: 'after the reload' });
    const again = received.slice(before).filter(({ body }) => body.kind === 'text' && body.text === 'after the reload');
    expect(again).toHaveLength(1);
  });

  it('takes at the start what was written while it was away, in order, but nothing older than a week', async () => {
    await channel.stop();
    bench.advance(10 * 24 * HOUR);
    const day = 24 * 3600;
    const present = bench.nowSeconds();
    page.saidMeanwhile({ from: '79163330001', text: 'old', t: present - 8 * day });
    page.saidMeanwhile({ from: '79163330002', text: 'second', t: present - 2 * day });
    page.saidMeanwhile({ from: '79163330001', text: 'first', t: present - 3 * day });
    const before = received.length;
    await channel.start(bench.events);
    await bench.is('up');
    await until(() => received.length >= before + 2);
    await hears({ text: 'and now' });
    expect(received.slice(before).map(({ body }) => (body.kind === 'text' ? body.text : ''))).toEqual([
      'first',
      'second',
      'and now',
    ]);
  });
});
