import { describe, expect, it } from '@jest/globals';
import { parseSmsCall } from '../../src/bots/sms/parse.ts';
import { renderSms } from '../../src/bots/sms/render.ts';
import { outgoing } from '../support/outgoing.ts';

const send = outgoing({ to: '+995555123456' });

describe('An SMS', () => {
  it.each([
    ['MedLock 24', ['MedLock 24', '+1']],
    ['Clinic', ['Clinic', '+1']],
    [' Clinic ', ['Clinic', '+1']],
    ['ElevenChars', ['ElevenChars', '+1']],
    ['+15005550009', ['+15005550009', '+1']],
    ['TwelveLetter', ['+1']],
    ['+0995555', ['+1']],
    ['12345', ['+1']],
    ['Клиника', ['+1']],
    ['A\r\nBcc: x', ['+1']],
    ['', ['+1']],
  ])('goes from the branch’s name %j only where networks take such a name', (sms, senders) => {
    expect(renderSms({ text: send.text, sender: { sms } }, '+1').senders).toEqual(senders);
  });

  it('says its choices as numbered lines, from the number that can be answered', () => {
    const choices = ['Confirm', 'Reschedule', 'Cancel'].map((title, place) => ({ id: `c${place}`, title }));
    expect(renderSms({ text: { ...send.text, choices }, sender: {} }, '+1')).toEqual({
      body: 'See you at 12:00\n\n1 - Confirm\n2 - Reschedule\n3 - Cancel',
      senders: ['+1'],
    });
  });
});

describe('What Twilio says of an SMS', () => {
  it.each([
    [{}, 'otherShape'],
    [{ MessageSid: 'x' }, 'otherShape'],
    [{ MessageSid: `SM${'a'.repeat(32)}` }, 'otherShape'],
    [{ MessageSid: `SM${'a'.repeat(32)}`, From: '12345', Body: 'x' }, 'noNumber'],
    [{ MessageSid: `SM${'a'.repeat(32)}`, From: '+12345', Body: '' }, 'empty'],
    [{ MessageSid: `SM${'a'.repeat(32)}`, From: '+12345', Body: ' ', NumMedia: 'many' }, 'empty'],
    [{ MessageSid: `SM${'a'.repeat(32)}`, MessageStatus: 'new' }, 'status'],
  ])('in the shape %j is ignored as %s, never a throw', (form, why) => {
    expect(parseSmsCall(form as Record<string, string>)).toEqual({ kind: 'ignored', why });
  });
});
