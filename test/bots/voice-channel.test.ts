import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createVoice } from '../../src/bots/voice/channel.ts';
import { renderCall } from '../../src/bots/voice/render.ts';
import { channelContract } from '../contracts/channel.ts';
import { channelParts } from '../support/channel-parts.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { startTwilioServer } from '../support/twilio-server.ts';

const { stores } = await openTestStores();
const LANDLINE = '+995322123456';
const ends: (() => Promise<void>)[] = [];

async function setUp() {
  await stores.simulator.reset();
  const twilio = await startTwilioServer();
  const parts = channelParts(stores);
  const { channel } = createVoice(twilio.settings, parts.deps, { timeoutMs: 300, checkMs: 40 });
  ends.push(
    () => twilio.stop(),
    () => channel.stop(),
  );
  return { twilio, channel, ...parts };
}

const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

/** What the voice reads. */
const saidIn = (twiml: string): string => /<Say [^>]*>([^<]*)<\/Say>/.exec(twiml)?.[1] ?? '';

channelContract({
  name: 'Voice',
  create: async () => {
    const { twilio, channel } = await setUp();
    twilio.refuse('+15005550001', 21217);
    return {
      channel,
      reachable: LANDLINE,
      unreachable: '+15005550001',
      withoutChoices: true,
      arrived: async (to) =>
        twilio.calls.filter(({ form }) => form['To'] === to).map(({ form }) => saidIn(form['Twiml'] ?? '')),
      fallSilent: async () => twilio.always('hang'),
      limit: async () => twilio.always({ error: 20429, status: 429, retryAfter: '7' }),
    };
  },
});

describe('A call', () => {
  const words = { key: 'scenarios.reminder.text', locale: 'en', text: 'See you at 12:00', choices: [] } as const;

  it('rings from our number, says the text twice and asks for its end', async () => {
    const { twilio, channel, events } = await setUp();
    await channel.start(events);
    await channel.send(outgoing({ to: LANDLINE }));
    expect(twilio.calls.map(({ form }) => form)).toEqual([
      {
        To: LANDLINE,
        From: '+15005550006',
        Twiml: '<Response><Say language="en-US" loop="2">See you at 12:00</Say></Response>',
        StatusCallback: 'https://clinic.example/hooks/twilio?attempt=a-1#rc=5&rp=5xx,ct,rt',
      },
    ]);
  });

  it.each([
    ['ru', 'ru-RU'],
    ['en', 'en-US'],
    ['it', 'it-IT'],
  ] as const)('in %s is read by a voice of %s', (locale, language) => {
    expect(renderCall({ ...words, locale })).toContain(`<Say language="${language}" loop="2">`);
  });

  it('says markup in a name as words, and control characters not at all', () => {
    const text = 'Анна</Say><Dial>+1</Dial> & "O\'Hara"\u0000\u001B';
    expect(renderCall({ ...words, text })).toBe(
      '<Response><Say language="en-US" loop="2">Анна&lt;/Say&gt;&lt;Dial&gt;+1&lt;/Dial&gt; &amp; &quot;O&apos;Hara&quot;  </Say></Response>',
    );
  });

  it('is cut so that it fits into 4000 characters with its escapes', () => {
    const twiml = renderCall({ ...words, text: '&'.repeat(5000) });
    expect(twiml.length).toBeLessThanOrEqual(4000);
    expect(twiml).toMatch(/^<Response><Say language="en-US" loop="2">(&amp;){700,}<\/Say><\/Response>$/);
  });

  it('whose answer is lost is found by listing the calls to that number', async () => {
    const { twilio, channel, events } = await setUp();
    await channel.start(events);
    twilio.post('cutAfter', { status: 500 });
    expect(await channel.send(outgoing({ to: LANDLINE }))).toEqual({ kind: 'unknown', askAfterMs: 60_000 });
    expect(await channel.find('a-1')).toEqual({ kind: 'sent', providerId: twilio.calls[0]?.sid });
    expect(await channel.send(outgoing({ to: '+995322000000', attemptId: 'a-2' }))).toMatchObject({ kind: 'unknown' });
    expect(await channel.find('a-2')).toEqual({ kind: 'absent' });
  });
});
