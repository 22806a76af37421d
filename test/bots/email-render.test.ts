import { describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { parseMailbox } from '../../src/bots/email/address.ts';
import { visitCalendar } from '../../src/bots/email/calendar.ts';
import { type MailFrame, renderMail } from '../../src/bots/email/render.ts';
import { subjectOf } from '../../src/bots/email/subject.ts';
import type { CalendarVisit, OutgoingMessage } from '../../src/core/channel.ts';
import type { Locale } from '../../src/core/locale.ts';
import { leaves, type MailPart, readMail } from '../support/mail-parts.ts';
import { outgoing } from '../support/outgoing.ts';
import { sentence } from '../support/sentence.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const frame: MailFrame = {
  from: parseMailbox('Clinic <book@clinic.example>'),
  now: NOW,
  sentence,
  unsubscribeUrl: null,
};
const VISIT: CalendarVisit = {
  id: 'v-1',
  version: 2,
  start: new Date('2026-03-29T08:00:00Z'),
  end: new Date('2026-03-29T08:30:00Z'),
  timezone: 'Europe/Rome',
  branch: 'Hill Clinic',
  address: 'Via Roma 1, Milano; 2nd floor',
  doctor: 'Dr. Rossi',
};

const written = async (message: OutgoingMessage, change: Partial<MailFrame> = {}) => {
  const composed = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message: raw } = await composed.sendMail(renderMail(message, { ...frame, ...change }));
  return readMail((raw as Buffer).toString('utf8'));
};
const part = (mail: MailPart, type: string): string =>
  leaves(mail).find((one) => one.type.startsWith(type))?.text ?? '';
const saying = (text: string): OutgoingMessage =>
  outgoing({ to: 'jane@example.com', text: { key: 'scenarios.details.text', locale: 'en', text, choices: [] } });

describe('A mail as it leaves', () => {
  it('says its text twice, plain and as HTML, from the clinic to the patient', async () => {
    const mail = await written(saying('See you at 12:00.\nBring your card.\n\nhttps://clinic.example/way?a=1&b=2.'));
    expect(mail.headers).toMatchObject({
      from: 'Clinic <book@clinic.example>',
      to: 'jane@example.com',
      date: 'Mon, 02 Mar 2026 09:00:00 +0000',
      'message-id': '<m-1@zabota.clinic.example>',
      'auto-submitted': 'auto-generated',
    });
    expect(mail.headers).not.toHaveProperty('x-mailer');
    expect(part(mail, 'text/plain').trim()).toBe(
      'See you at 12:00.\r\nBring your card.\r\n\r\nhttps://clinic.example/way?a=1&b=2.',
    );
    expect(part(mail, 'text/html')).toContain('<p>See you at 12:00.<br>Bring your card.</p>');
    expect(part(mail, 'text/html')).toContain(
      '<p><a href="https://clinic.example/way?a=1&amp;b=2">https://clinic.example/way?a=1&amp;b=2</a>.</p>',
    );
    expect(part(mail, 'text/html')).not.toMatch(/<img|<script|<link/);
  });

  it('shows markup in a name as the words that it is (bad input 26)', async () => {
    const name = `{{phone}} *bold*_ <b>Anna</b> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "&amp;"`;
    const mail = await written(saying(`${name}, see you`));
    expect(part(mail, 'text/plain')).toContain(name);
    const html = part(mail, 'text/html');
    expect(html).toContain('&lt;b&gt;Anna&lt;/b&gt; &lt;img src=x onerror=alert(1)&gt; [x](javascript:alert(1))');
    expect(html).toContain('{{phone}} *bold*_');
    expect(html).toContain('&quot;&amp;amp;&quot;');
    expect(html.match(/<a |<b>|<img/g)).toBeNull();
  });

  it('has no line end of a value in a header (bad input 22)', async () => {
    const nasty = 'Clinic\r\nBcc: all@example.com\r\n\r\nHello';
    const mail = await written({
      ...saying('See you'),
      messageId: 'm-1>\r\nBcc: all@example.com',
      content: { key: 'scenarios.details.text', values: { 'branch.name': nasty } },
      sender: { emailName: nasty, replyTo: 'desk@clinic.example\r\nBcc: all@example.com' },
      visit: { ...VISIT, branch: nasty, doctor: nasty, address: nasty },
      thread: 'alert:1\r\nBcc: all@example.com',
    });
    expect(mail.headers).not.toHaveProperty('bcc');
    expect(mail.headers['subject']).toBe('Your visit is booked – Clinic Bcc: all@example.com Hello');
    expect(mail.headers['from']).toBe('"Clinic Bcc: all@example.com Hello" <book@clinic.example>');
    expect(part(mail, 'text/calendar')).not.toMatch(/^(Bcc|Hello)/m);
  });

  it('goes in the branch’s name, and answers go where the branch reads them', async () => {
    const sender = { emailName: 'Клиника «Забота», Тбилиси', replyTo: 'desk@clinic.example' };
    const { headers } = await written({ ...saying('See you'), sender });
    expect(headers['from']).toBe('Клиника «Забота», Тбилиси <book@clinic.example>');
    expect(headers['reply-to']).toBe('desk@clinic.example');
  });

  it('has its choices as numbered lines for patients, and none for staff, who tap elsewhere', async () => {
    const choices = [{ id: 'a', title: 'Taken care of' }];
    const asked = { ...saying('Well?'), text: { ...saying('Well?').text, choices } };
    expect(part(await written(asked), 'text/plain').trim()).toBe('Well?\r\n\r\n1 – Taken care of');
    expect(part(await written({ ...asked, kind: 'alert' }), 'text/plain').trim()).toBe('Well?');
  });

  it('of one thread hangs on one root, whichever comes first', async () => {
    const first = await written({ ...saying('Low score'), kind: 'alert', messageId: 'm-1', thread: 'alert:s-1' });
    const second = await written({ ...saying('A comment'), kind: 'alert', messageId: 'm-2', thread: 'alert:s-1' });
    const roots = [first, second].map(({ headers }) => [headers['in-reply-to'], headers['references']]);
    expect(roots).toEqual(Array(2).fill(Array(2).fill('<thread.alert-s-1@zabota.clinic.example>')));
    expect([first, second].map(({ headers }) => headers['message-id'])).toEqual([
      '<m-1@zabota.clinic.example>',
      '<m-2@zabota.clinic.example>',
    ]);
    expect((await written(saying('See you'))).headers).not.toHaveProperty('references');
  });

  it('of a scenario can be stopped at one click, or by writing to the clinic', async () => {
    const unsubscribeUrl = 'https://clinic.example/hooks/email?u=TOKEN';
    const mail = await written(saying('See you'), { unsubscribeUrl });
    expect(mail.headers['list-unsubscribe']).toBe(`<${unsubscribeUrl}>, <mailto:book%40clinic.example?subject=stop>`);
    expect(mail.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    expect(part(mail, 'text/plain').trim()).toBe(`See you\r\n\r\n-- \r\nNo more of these mails: ${unsubscribeUrl}`);
    expect(part(mail, 'text/html')).toContain(`<a href="${unsubscribeUrl}">No more of these mails</a>`);
    const without = await written(saying('See you'));
    expect(without.headers['list-unsubscribe']).toBe('<mailto:book%40clinic.example?subject=stop>');
    expect(without.headers).not.toHaveProperty('list-unsubscribe-post');
  });

  it.each(['reply', 'alert', 'staff'] as const)('of the kind %s cannot be stopped', async (kind) => {
    const { headers } = await written({ ...saying('See you'), kind });
    expect(headers).not.toHaveProperty('list-unsubscribe');
  });

  it.each<[string, OutgoingMessage['kind'], Locale, string]>([
    ['scenarios.details.text', 'scenario', 'en', 'Your visit is booked – Hill'],
    ['scenarios.confirmation.second', 'scenario', 'ru', 'Подтвердите, пожалуйста, приём – Hill'],
    ['scenarios.greeting.opening', 'scenario', 'it', 'Benvenuti – Hill'],
    ['scenarios.birthday.textForServices', 'scenario', 'en', 'Happy birthday – Hill'],
    ['scenarios.something.new', 'scenario', 'en', 'A message from the clinic – Hill'],
    ['conversations.alert.score', 'alert', 'en', 'A low score for a visit – Hill'],
    ['bots.alert.channelDown', 'alert', 'en', 'Zabota needs your attention – Hill'],
    ['conversations.thanks', 'reply', 'ru', 'Сообщение от клиники – Hill'],
  ])('of %s as %s in %s has the subject “%s…”', (key, kind, locale, subject) => {
    const message = saying('x');
    const content = { key, values: { branch: 'Hill', 'patient.firstName': 'Jane' } };
    expect(subjectOf({ ...message, kind, content, text: { ...message.text, locale } }, sentence)).toBe(subject);
  });

  it('without a branch’s name has a subject of its own', () => {
    expect(subjectOf(saying('x'), sentence)).toBe('Your visit is booked');
  });
});

describe('The calendar file', () => {
  const lines = (visit: CalendarVisit): readonly string[] =>
    visitCalendar(visit, { now: NOW, title: 'Visit – Hill Clinic', from: frame.from })
      .replace(/\r\n[ \t]/g, '')
      .split('\r\n');

  it('holds the visit in UTC, to be taken over without an answer', () => {
    expect(lines(VISIT)).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Zabota//visits//EN',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:visit-v-1@zabota.clinic.example',
      'SEQUENCE:2',
      'DTSTAMP:20260302T090000Z',
      'DTSTART:20260329T080000Z',
      'DTEND:20260329T083000Z',
      'SUMMARY:Visit – Hill Clinic',
      'LOCATION:Hill Clinic\\, Via Roma 1\\, Milano\\; 2nd floor',
      'DESCRIPTION:Dr. Rossi',
      'ORGANIZER;CN="Hill Clinic":mailto:book@clinic.example',
      'STATUS:CONFIRMED',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
  });

  it('of a moved visit replaces the earlier one: the same UID, a higher SEQUENCE', () => {
    const to = { start: new Date('2026-04-01T08:00:00Z'), end: new Date('2026-04-01T08:30:00Z') };
    const moved = lines({ ...VISIT, version: 3, ...to });
    expect(moved).toContain('UID:visit-v-1@zabota.clinic.example');
    expect(moved).toContain('SEQUENCE:3');
    expect(moved).toContain('DTSTART:20260401T080000Z');
  });

  it('goes with the mail twice, for programs that show it and for those that save it', async () => {
    const mail = await written({ ...saying('See you'), visit: VISIT });
    const calendars = leaves(mail).filter(({ text }) => text.includes('BEGIN:VCALENDAR'));
    expect(calendars.map(({ type }) => type.split(';')[0])).toEqual(['text/calendar', 'application/ics']);
    expect(calendars[0]?.type).toContain('method=PUBLISH');
    expect(calendars[1]?.headers['content-disposition']).toBe('attachment; filename=visit.ics');
    expect(calendars[0]?.text).toContain('SUMMARY:Visit – Hill Clinic');
  });
});

describe('The sender of mails', () => {
  it.each([
    ['book@clinic.example', '', 'book@clinic.example'],
    ['Clinic <book@clinic.example>', 'Clinic', 'book@clinic.example'],
    ['"Clinic, Hill" <book@clinic.example>', 'Clinic, Hill', 'book@clinic.example'],
    ['<book@clinic.example>', '', 'book@clinic.example'],
  ])('%s is %j at %s', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({ name, address });
  });
});
