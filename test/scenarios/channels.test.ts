import { describe, expect, it } from '@jest/globals';
import { type Differences, decideAt, realRender, short } from '../support/scenario-facts.ts';

const render = await realRender();
const DUE = '2026-11-23T07:00:00Z';
const decide = (different: Differences) => decideAt('confirmation', different, DUE, render);
const LINKED = [{ linkedAt: new Date('2026-01-01T00:00:00Z') }];

describe('The cascade of channels', () => {
  it('goes by the branch’s order', () => {
    expect(short(decide({ identities: LINKED }))).toBe('send whatsapp +79161234567');
    expect(short(decide({ identities: LINKED, branch: { channels: ['telegram', 'whatsapp'] } }))).toBe(
      'send telegram 777',
    );
  });

  it('begins with the channel of the last inbound message', () => {
    const heard = [{ ...LINKED[0], lastInboundAt: new Date('2026-11-01T00:00:00Z') }];
    expect(short(decide({ identities: heard }))).toBe('send telegram 777');
  });

  it('begins with the patient’s preferred channel before that', () => {
    const heard = [{ ...LINKED[0], lastInboundAt: new Date('2026-11-01T00:00:00Z') }];
    expect(short(decide({ identities: heard, patient: { channel: 'sms' } }))).toBe('send sms +79161234567');
  });

  it('passes over a channel that is down and says why', () => {
    const decision = decide({ health: { whatsapp: { state: 'down' } } });
    expect(short(decision)).toBe('send sms +79161234567');
    expect(decision.tried).toEqual([
      { channel: 'whatsapp', used: false, reason: 'notConnected' },
      { channel: 'telegram', used: false, reason: 'noIdentity' },
      { channel: 'sms', used: true },
    ]);
  });

  it('waits for a channel that is held back by its limits', () => {
    const limitedUntil = new Date('2026-11-23T07:01:00Z');
    expect(short(decide({ health: { whatsapp: { state: 'limited', limitedUntil } } }))).toBe(
      'wait 2026-11-23T07:01:00.000Z noChannel',
    );
  });

  it('passes over a channel whose limits hold it back until the latest moment or longer', () => {
    const limitedUntil = new Date('2026-11-24T04:00:00Z');
    const decision = decide({ health: { whatsapp: { state: 'limited', limitedUntil } } });
    expect(short(decision)).toBe('send sms +79161234567');
    expect(decision.tried[0]).toEqual({ channel: 'whatsapp', used: false, reason: 'notConnected' });
    const before = new Date('2026-11-24T03:59:59Z');
    expect(short(decide({ health: { whatsapp: { state: 'limited', limitedUntil: before } } }))).toBe(
      'wait 2026-11-24T03:59:59.000Z noChannel',
    );
  });

  it('waits, rather than fails, where all of them are held back for so long', () => {
    const limited = { state: 'limited', limitedUntil: new Date('2026-11-25T00:00:00Z') } as const;
    expect(short(decide({ health: { whatsapp: limited, sms: limited } }))).toBe(
      'wait 2026-11-23T07:10:00.000Z noChannel',
    );
  });

  it('uses a limited channel once its time is over', () => {
    const limitedUntil = new Date('2026-11-23T07:00:00Z');
    expect(short(decide({ health: { whatsapp: { state: 'limited', limitedUntil } } }))).toMatch(/^send whatsapp/);
  });

  it('leaves out channels that the scenario does not allow', () => {
    const decision = decideAt(
      'recommendationsBefore',
      { health: { whatsapp: { state: 'down' } } },
      '2026-11-23T13:00:00Z',
      render,
    );
    expect(short(decision)).toBe('wait 2026-11-23T13:10:00.000Z noChannel');
    expect(decision.tried).toContainEqual({ channel: 'sms', used: false, reason: 'notAllowed' });
  });

  it('follows the setting `channels`, which widens or narrows the list', () => {
    const narrowed = { settings: { confirmation: { channels: ['sms'] } } } as const;
    expect(short(decide(narrowed))).toBe('send sms +79161234567');
    const widened = decideAt(
      'recommendationsBefore',
      {
        settings: { recommendationsBefore: { channels: ['email'] } },
        patient: { email: 'maria@example.org' },
        health: { email: { state: 'up' } },
      },
      '2026-11-23T13:00:00Z',
      render,
    );
    expect(short(widened)).toBe('send email maria@example.org');
  });

  it('tries the next channel after a refusal for good', () => {
    expect(short(decide({ refusedOn: ['whatsapp'] }))).toBe('send sms +79161234567');
  });

  it('fails when the last one has refused', () => {
    const decision = decide({ refusedOn: ['whatsapp', 'sms'] });
    expect(short(decision)).toBe('fail');
    expect(decision.tried.map(({ reason }) => reason)).toEqual(['refused', 'noIdentity', 'refused']);
  });

  it('waits, rather than fails, for a channel that may come back', () => {
    expect(short(decide({ refusedOn: ['whatsapp'], health: { sms: { state: 'down' } } }))).toMatch(/noChannel$/);
    expect(short(decide({ refusedOn: ['whatsapp'], health: { sms: { state: 'off' } } }))).toBe('fail');
  });

  it('passes over a chat that sent STOP while the number did not', () => {
    const identities = LINKED;
    expect(short(decide({ identities, patient: { channel: 'telegram' }, stopped: ['telegram:777'] }))).toBe(
      'send whatsapp +79161234567',
    );
  });

  it('passes over an address that the platform says is closed', () => {
    const closed = {
      channel: 'whatsapp',
      address: '+79161234567',
      closedAt: new Date('2026-11-01T00:00:00Z'),
    } as const;
    expect(short(decide({ identities: [closed] }))).toBe('send sms +79161234567');
  });
});

describe('The price', () => {
  const priceOf = (
    different: Differences,
    key: 'confirmation' | 'survey' = 'confirmation',
    now = DUE,
  ): number | null => {
    const decision = decideAt(key, different, now, render);
    return decision.kind === 'send' ? decision.price : null;
  };

  it('is that of the channel', () => {
    expect(priceOf({})).toBe(100);
    expect(priceOf({ patient: { channel: 'telegram' }, identities: LINKED })).toBe(0);
  });

  it('of an SMS counts the segments of the text with its numbered choices', () => {
    const own = { confirmation: { texts: { en: 'Will you come?' } } };
    const english = { channel: 'sms', locale: 'en' } as const;
    expect(priceOf({ patient: english, settings: own })).toBe(400);
    expect(priceOf({ patient: { ...english, locale: 'ru' } })).toBe(1200);
  });

  it('of the survey is 0 through WhatsApp when only ПроДокторов is reviewed on', () => {
    const after = { appointment: { status: 'completed' } } as const;
    const now = '2026-11-24T10:30:00Z';
    expect(priceOf({ ...after, settings: { survey: { sites: ['prodoctorov'] } } }, 'survey', now)).toBe(0);
    expect(priceOf({ ...after, settings: { survey: { sites: ['prodoctorov', 'google'] } } }, 'survey', now)).toBe(100);
    const sms = { patient: { channel: 'sms', locale: 'en' } } as const;
    expect(priceOf({ ...after, ...sms, settings: { survey: { sites: ['prodoctorov'] } } }, 'survey', now)).toBe(1200);
  });
});
