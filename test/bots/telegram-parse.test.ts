import { describe, expect, it } from '@jest/globals';
import { parseUpdate } from '../../src/bots/telegram/parse.ts';

const from = { id: 700, is_bot: false, first_name: 'Dana' };
const chat = { id: 700, type: 'private', first_name: 'Dana' };
const group = { id: -100_500, type: 'supergroup', title: 'Staff' };
const message = (content: object, place: object = { chat, from }) => ({
  update_id: 9,
  message: { message_id: 5, date: 1_772_442_000, ...place, ...content },
});
const parse = (update: unknown) => parseUpdate(update, '42');
const bodyOf = (content: object) => {
  const parsed = parse(message(content));
  return parsed.kind === 'message' ? parsed.body : parsed;
};

describe('An update of Telegram', () => {
  it('with a text is what somebody said, under an id of this bot and this update', () => {
    expect(parse(message({ text: 'да' }))).toEqual({
      kind: 'message',
      id: 'u42.9',
      place: { chat: '700', group: false, thread: null },
      sender: '700',
      body: { kind: 'text', text: 'да' },
      repliesTo: null,
    });
  });

  it('that answers one of our messages names it', () => {
    const parsed = parse(message({ text: 'да', reply_to_message: { message_id: 3, chat } }));
    expect(parsed).toMatchObject({ kind: 'message', repliesTo: '700:3' });
  });

  it('from a topic of a group says the group, the topic and who wrote', () => {
    const parsed = parse(message({ text: 'Пусть придёт', message_thread_id: 77 }, { chat: group, from }));
    expect(parsed).toMatchObject({ place: { chat: '-100500', group: true, thread: 77 }, sender: '700' });
  });

  it('with a start link passes the token on as it came', () => {
    const token = 'A'.repeat(64);
    expect(bodyOf({ text: `/start ${token}` })).toEqual({ kind: 'text', text: `/start ${token}` });
    expect(bodyOf({ text: '/start@clinic_bot abc' })).toEqual({ kind: 'text', text: '/start abc' });
    expect(bodyOf({ text: '/никакая команда' })).toEqual({ kind: 'text', text: '/никакая команда' });
  });

  it('with overlapping or broken entities is its plain text', () => {
    const entities = [{ type: 'bold', offset: 0, length: 99 }, { type: 'italic', offset: -1 }, null, 'x'];
    expect(bodyOf({ text: '*да*', entities })).toEqual({ kind: 'text', text: '*да*' });
  });

  it('with a contact is own only when it is the sender’s', () => {
    const contact = { phone_number: '995555123456', first_name: 'Dana' };
    expect(bodyOf({ contact: { ...contact, user_id: 700 } })).toEqual({
      kind: 'contact',
      phone: '+995555123456',
      own: true,
    });
    expect(bodyOf({ contact: { ...contact, user_id: 701 } })).toMatchObject({ own: false });
    expect(bodyOf({ contact: { ...contact, phone_number: '+995 555 12-34-56' } })).toEqual({
      kind: 'contact',
      phone: '+995555123456',
      own: false,
    });
    expect(bodyOf({ contact: { first_name: 'Nobody' } })).toEqual({ kind: 'media', media: 'other' });
  });

  it.each([
    [{ voice: { file_id: 'f' } }, { kind: 'media', media: 'voice' }],
    [{ video_note: { file_id: 'f' } }, { kind: 'media', media: 'voice' }],
    [{ photo: [{ file_id: 'f' }] }, { kind: 'media', media: 'image' }],
    [{ sticker: { file_id: 'f' } }, { kind: 'media', media: 'sticker' }],
    [{ document: { file_id: 'f' } }, { kind: 'media', media: 'other' }],
    [{ location: { latitude: 1, longitude: 2 } }, { kind: 'media', media: 'other' }],
    [
      { photo: [{ file_id: 'f' }], caption: 'перенесите' },
      { kind: 'text', text: 'перенесите' },
    ],
  ])('with media %j is heard as media, or as the words beneath it', (content, body) => {
    expect(bodyOf(content)).toEqual(body);
  });

  it('with a tap carries what the button carried and under which message it stood', () => {
    const tap = { id: '11', from, message: { message_id: 3, date: 0, chat }, chat_instance: '1', data: 'abc.0' };
    expect(parse({ update_id: 9, callback_query: tap })).toEqual({
      kind: 'tap',
      id: 'u42.9',
      place: { chat: '700', group: false, thread: null },
      sender: '700',
      query: '11',
      data: 'abc.0',
      on: '700:3',
    });
  });

  it('from an administrator who hides behind the group is heard, as no other bot’s is', () => {
    const hidden = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };
    const said = (sender_chat: object) =>
      parse(message({ text: 'Ждём вас', sender_chat }, { chat: group, from: hidden }));
    expect(said(group)).toMatchObject({ kind: 'message', sender: '1087968824', body: { text: 'Ждём вас' } });
    expect(said({ id: -100_900, type: 'channel' })).toEqual({ kind: 'ignored', why: 'fromBot' });
  });

  it('that throws the bot out closes the private chat, and no group', () => {
    const change = (status: string, where: object = chat) =>
      parse({ update_id: 9, my_chat_member: { date: 1_772_442_000, chat: where, from, new_chat_member: { status } } });
    expect(change('kicked')).toEqual({ kind: 'closed', id: 'u42.9', chat: '700', atMs: 1_772_442_000_000 });
    expect(change('member')).toEqual({ kind: 'ignored', why: 'membership' });
    expect(change('kicked', group)).toEqual({ kind: 'ignored', why: 'membership' });
  });

  it.each([
    ['an edited message', { update_id: 9, edited_message: message({ text: 'нет' }).message }, 'otherKind'],
    ['a post of a channel', { update_id: 9, channel_post: message({ text: 'нет' }).message }, 'otherKind'],
    ['an inline query', { update_id: 9, inline_query: { id: '1', from, query: '' } }, 'otherKind'],
    ['a kind that is new to us', { update_id: 9, brand_new: { anything: 1 } }, 'otherKind'],
    ['nothing but its id', { update_id: 9 }, 'otherKind'],
    ['a message of a bot', message({ text: 'hi' }, { chat, from: { ...from, is_bot: true } }), 'fromBot'],
    ['a message of a channel', message({ text: 'hi' }, { chat: { id: -5, type: 'channel' }, from }), 'malformed'],
    ['a service message', message({ new_chat_members: [from] }), 'noContent'],
    ['an empty text', message({ text: '' }), 'noContent'],
    ['a message without a sender', message({ text: 'hi' }, { chat }), 'malformed'],
    ['a message that is a list', { update_id: 9, message: [] }, 'malformed'],
    ['an id that is a text', { update_id: '9', message: {} }, 'notAnUpdate'],
    ['an id beyond what a number holds', { update_id: 1e300, message: {} }, 'notAnUpdate'],
    ['nothing', null, 'notAnUpdate'],
    ['a text', 'update', 'notAnUpdate'],
    ['a list', [1, 2], 'notAnUpdate'],
    ['no id', {}, 'notAnUpdate'],
  ])('that is %s is of no use', (_what, update, why) => {
    expect(parse(update)).toEqual({ kind: 'ignored', why });
  });

  it('with a tap that we cannot read still says which button waits', () => {
    const tap = { id: '11', from, inline_message_id: 'x', data: 'abc.0' };
    expect(parse({ update_id: 9, callback_query: tap })).toEqual({ kind: 'ignored', why: 'malformed', query: '11' });
  });
});
