import { describe, expect, it } from '@jest/globals';
import type { Channel, ChannelEvents, OutgoingMessage } from '../../src/core/channel.ts';
import { outgoing } from '../support/outgoing.ts';

/** A channel under test and the other end of its wire. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** An address that takes messages, and one that refuses them for good. */
  readonly reachable: string;
  readonly unreachable: string;
  /** Texts that arrived there, in order. */
  arrived(address: string): Promise<readonly string[]>;
  /** There is no way to answer on this channel, so choices are left out. */
  readonly withoutChoices?: true;
  /** The platform answers nothing from now on, neither to sends nor to questions. */
  fallSilent(): Promise<void>;
  /** The platform asks to be left alone. */
  limit(): Promise<void>;
}

const EVENTS: ChannelEvents = {
  received: async () => undefined,
  receipt: async () => undefined,
  closed: async () => undefined,
};

/** What delivery relies on, of every channel: run it on each, simulated or real. */
export function channelContract({ name, create }: { name: string; create: () => Promise<ChannelUnderTest> }): void {
  const message = (to: string, attemptId = 'a-1'): OutgoingMessage => outgoing({ to, attemptId });
  const started = async (): Promise<ChannelUnderTest> => {
    const under = await create();
    await under.channel.start(EVENTS);
    return under;
  };

  describe(`${name}, as any channel,`, () => {
    it('is not up before it is started, and up afterwards', async () => {
      const { channel } = await create();
      expect(channel.health().state).not.toBe('up');
      await channel.start(EVENTS);
      expect(channel.health().state).toBe('up');
      await channel.stop();
      expect(channel.health().state).not.toBe('up');
    });

    it('hands a message over and gives the platform’s id', async () => {
      const { channel, reachable, arrived } = await started();
      const answer = await channel.send(message(reachable));
      expect(answer).toMatchObject({ kind: 'sent', providerId: expect.stringMatching(/./) });
      expect(await arrived(reachable)).toEqual(['See you at 12:00']);
    });

    it('knows an attempt that it accepted, under the same id of the platform', async () => {
      const { channel, reachable } = await started();
      const answer = await channel.send(message(reachable));
      const found = await channel.find('a-1');
      // A platform that cannot be asked may say so.
      if (found.kind === 'silent') return;
      expect(found).toMatchObject({ kind: 'sent', providerId: answer.kind === 'sent' ? answer.providerId : '' });
    });

    it('never claims to have an attempt that was not made', async () => {
      const { channel } = await started();
      expect((await channel.find('never')).kind).not.toBe('sent');
    });

    it('refuses an address that does not exist, with a code and without a throw', async () => {
      const { channel, unreachable, arrived } = await started();
      expect(await channel.send(message(unreachable))).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/^[a-zA-Z0-9.]+$/),
      });
      expect(await arrived(unreachable)).toEqual([]);
    });

    it('says unknown when no answer comes, and is silent when it is asked', async () => {
      const under = await started();
      await under.fallSilent();
      expect(await under.channel.send(message(under.reachable))).toMatchObject({ kind: 'unknown' });
      expect(await under.channel.find('a-1')).toEqual({ kind: 'silent' });
    });

    it('says when it may be tried again while the platform limits it, and that nothing left', async () => {
      const under = await started();
      await under.limit();
      const answer = await under.channel.send(message(under.reachable));
      expect(answer).toMatchObject({ kind: 'retry', afterMs: expect.any(Number) });
      expect(under.channel.health().state).toBe('limited');
      expect(await under.arrived(under.reachable)).toEqual([]);
    });

    it('shows choices as numbered lines where it has no room for buttons', async () => {
      const { channel, reachable, arrived, withoutChoices = false } = await started();
      const choices = Array.from({ length: 101 }, (_, at) => ({ id: `c${at}`, title: `choice ${at + 1}` }));
      await channel.send({ ...message(reachable), text: { ...message(reachable).text, choices } });
      const text = (await arrived(reachable)).join('\n');
      if (withoutChoices) expect(text).toBe('See you at 12:00');
      else expect(text).toMatch(/101 [–-] choice 101/);
    });
  });
}
