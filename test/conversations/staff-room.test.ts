import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChatAddress } from '../../src/core/address.ts';
import type { Message } from '../../src/core/message.ts';
import { buildBranch, buildPatient } from '../support/stored-clinic.ts';
import { MARIA, openTalkingClinic, type TalkingClinic } from '../support/talking-clinic.ts';

const GROUP = '-1001234567890';
const TOPIC: ChatAddress = { channel: 'telegram', address: `${GROUP}#maria` };
const ANNA = '501';

let clinic: TalkingClinic;

beforeEach(async () => {
  clinic = await openTalkingClinic();
  await branchWith({ staffChat: GROUP });
});

async function branchWith(rest: Parameters<typeof buildBranch>[0]): Promise<void> {
  await clinic.stores.branches.put('north', buildBranch(rest), clinic.clock.now(), 'clinic');
}

/** Every row to this address, oldest first, as its keys and values. */
async function rowsTo({ channel, address }: ChatAddress): Promise<readonly Message[]> {
  const { items } = await clinic.stores.outbox.list({}, { limit: 100 });
  return items.filter((row) => row.channel === channel && row.to === address).toReversed();
}

async function saidTo(at: ChatAddress): Promise<readonly string[]> {
  return (await rowsTo(at)).map(({ content }) => content?.key.replace('conversations.', '') ?? '');
}

const writes = (text: string, id?: string, at = TOPIC) => clinic.hears({ kind: 'text', text }, at, id, ANNA);
const staffTap = (choice: string, id?: string, at = TOPIC) => clinic.hears({ kind: 'choice', choice }, at, id, ANNA);
const asksForAPerson = () => clinic.says('позовите человека');
const answers = async () => (await rowsTo(MARIA)).filter(({ content }) => content?.key === 'conversations.staffWords');

describe('A chat that a person is to answer', () => {
  it('is shown in the topic of the patient: who, why, the newest words, and the way back', async () => {
    await clinic.says('сколько стоит отбеливание?');
    await asksForAPerson();
    const [row] = await rowsTo(TOPIC);
    const talk = await clinic.talk('inbox');
    expect(row).toMatchObject({ kind: 'staff', patient: 'maria', branch: 'north', locale: 'ru' });
    expect(row?.content).toEqual({
      key: 'conversations.staffRoom.words',
      values: { words: 'Мария Орлова' },
      parts: [
        { key: 'conversations.staffRoom.reason.asked', values: { channel: 'WhatsApp' } },
        {
          key: 'conversations.staffRoom.newest',
          values: { lines: 'сколько стоит отбеливание?\nпозовите человека' },
        },
      ],
      choices: [{ id: `return.${talk.id}`, key: 'conversations.staffRoom.return' }],
    });
    expect(talk.status).toBe('handedOver');
  });

  it('shows the number only where the clinic allows it', async () => {
    await asksForAPerson();
    expect(JSON.stringify((await rowsTo(TOPIC)).map(({ content }) => content))).not.toContain('79161234567');
    await clinic.stores.switches.change('north', 'survey', { settings: { showPhone: true } }, clinic.clock.now());
    await writes('/return');
    await asksForAPerson();
    expect(JSON.stringify((await rowsTo(TOPIC)).at(-1)?.content)).toContain('+79161234567');
  });

  it('goes on in the topic: every further message, media as a word, and nothing to those that staff handled', async () => {
    await asksForAPerson();
    await clinic.says('вы тут?');
    await clinic.hears({ kind: 'media', media: 'voice' });
    await writes('/return');
    await clinic.says('помощь');
    expect((await rowsTo(TOPIC)).slice(1).map(({ content }) => content?.values)).toEqual([
      { name: 'Мария Орлова', words: 'вы тут?' },
      { name: 'Мария Орлова', words: '[голосовое сообщение]' },
      {},
    ]);
  });

  it('of somebody unknown has a topic of the conversation', async () => {
    const stranger: ChatAddress = { channel: 'whatsapp', address: '+79990000001' };
    await clinic.says('позовите человека', stranger);
    const talk = await clinic.talk('inbox', stranger);
    const topic: ChatAddress = { channel: 'telegram', address: `${GROUP}#${talk.id}` };
    expect((await rowsTo(topic))[0]?.content?.values).toEqual({ words: 'Новый собеседник' });
    await writes('Здравствуйте!', undefined, topic);
    expect((await rowsTo(stranger)).at(-1)?.content?.values).toEqual({ text: 'Здравствуйте!', by: 'telegram:501' });
  });

  it('is left to the inbox page where the branch has no group', async () => {
    await branchWith({});
    expect(await asksForAPerson()).toEqual(['handedOver']);
    expect((await clinic.talk('inbox')).status).toBe('handedOver');
  });
});

describe('What staff write in a topic', () => {
  it('reaches the patient as it is, under the name of who wrote it', async () => {
    await clinic.stores.staff.add({
      id: 's1',
      name: 'Анна',
      role: 'reception',
      branches: ['north'],
      createdAt: clinic.clock.now(),
    });
    await clinic.stores.staff.link('s1', { channel: 'telegram', address: ANNA }, clinic.clock.now());
    await asksForAPerson();
    expect(await writes('От 15 000 ₽ {{name}}')).toEqual(['staffWords']);
    const [row] = await answers();
    expect(row).toMatchObject({ kind: 'reply', patient: 'maria', channel: 'whatsapp', to: '+79161234567' });
    expect(row?.content?.values).toEqual({ text: 'От 15 000 ₽ {{name}}', by: 'Анна' });
  });

  it('is sent once, however often the update comes, even after the chat was given back', async () => {
    await asksForAPerson();
    await writes('Записала вас', 'u-1');
    await writes('Записала вас', 'u-1');
    await writes('/return', 'u-2');
    await writes('/return', 'u-2');
    await writes('Записала вас', 'u-1');
    expect(await answers()).toHaveLength(1);
    expect(await saidTo(TOPIC)).toEqual(['staffRoom.words', 'staffRoom.returned.staff']);
  });

  it('is sent once when the service dies between hearing and sending', async () => {
    await asksForAPerson();
    clinic.crashAt('conversation:saved');
    await expect(writes('Записала вас', 'u-1')).rejects.toThrow('crash');
    const message = {
      id: 'u-1',
      from: TOPIC,
      at: clinic.clock.now(),
      body: { kind: 'text', text: 'Записала вас' },
    } as const;
    await clinic.restarted().receive(message);
    await clinic.restarted().receive(message);
    expect(await answers()).toHaveLength(1);
  });

  it('is not sent while the bot has the dialogue, which is said with a way to take it over', async () => {
    await asksForAPerson();
    await staffTap(`return.${(await clinic.talk('inbox')).id}`);
    expect(await writes('Ещё одно')).toEqual(['staffRoom.withBot']);
    expect((await rowsTo(TOPIC)).at(-1)?.content?.choices).toEqual([
      { id: 'takeOver', key: 'conversations.staffRoom.takeOver' },
    ]);
    expect(await staffTap('takeOver', 'u-9')).toEqual(['staffRoom.words']);
    expect(await staffTap('takeOver', 'u-9')).toEqual([]);
    expect(await writes('Ещё одно')).toEqual(['staffWords']);
    expect((await answers()).map(({ content }) => content?.values['text'])).toEqual(['Ещё одно']);
  });

  it('gives the dialogue back by /return and by the button, once', async () => {
    await asksForAPerson();
    const { id } = await clinic.talk('inbox');
    expect(await writes('/return@zabota_bot')).toEqual(['staffRoom.returned.staff']);
    expect(await clinic.conversation(id)).toMatchObject({ status: 'closed', outcome: 'backToBot' });
    expect(await staffTap(`return.${id}`)).toEqual(['staffRoom.already']);
    expect(await clinic.says('помощь')).toEqual(['inbox.help']);
  });

  it('by an old button gives back nothing of a later dialogue', async () => {
    await asksForAPerson();
    const first = await clinic.talk('inbox');
    await writes('/return');
    await asksForAPerson();
    expect(await staffTap(`return.${first.id}`)).toEqual(['staffRoom.already']);
    expect((await clinic.talk('inbox')).status).toBe('handedOver');
  });

  it('that is no text, or a command, is not passed on, and that is said', async () => {
    await asksForAPerson();
    expect(await clinic.hears({ kind: 'media', media: 'image' }, TOPIC, undefined, ANNA)).toEqual([
      'staffRoom.onlyText',
    ]);
    expect(await writes('/help')).toEqual(['staffRoom.help']);
    expect(await staffTap('unknown')).toEqual([]);
    expect(await answers()).toEqual([]);
  });

  it('that does not reach the patient is told in the topic', async () => {
    await asksForAPerson();
    await writes('Записала вас', 'u-1');
    const [row] = await answers();
    if (row === undefined) throw new Error('no answer');
    await clinic.engine.replyLost({ ...row, state: 'failed' });
    await clinic.engine.replyLost({ ...row, state: 'failed' });
    await clinic.engine.replyLost({ ...row, state: 'unknown' });
    expect((await rowsTo(TOPIC)).slice(1).map(({ content }) => content)).toEqual([
      { key: 'conversations.staffRoom.lost', values: { name: 'Мария Орлова', words: 'Записала вас' } },
      { key: 'conversations.staffRoom.perhapsLost', values: { name: 'Мария Орлова', words: 'Записала вас' } },
    ]);
    const [bots] = (await rowsTo(MARIA)).filter(({ content }) => content?.key === 'conversations.handedOver');
    if (bots === undefined) throw new Error('the bot said nothing');
    await clinic.engine.replyLost({ ...bots, state: 'failed' });
    expect(await rowsTo(TOPIC)).toHaveLength(3);
  });

  it('goes to the chat of the patient that was last told of, or that is quoted', async () => {
    const telegram: ChatAddress = { channel: 'telegram', address: '700' };
    await clinic.stores.identities.link(telegram, 'maria', clinic.clock.now());
    await asksForAPerson();
    await clinic.says('позовите человека', telegram);
    for (const row of await rowsTo(TOPIC)) {
      clinic.clock.advance(1000);
      const sent = { ...row, state: 'sent' as const, sentAt: clinic.clock.now(), lookAt: null };
      await clinic.stores.outbox.save(row, sent);
    }
    await writes('В Telegram');
    const [first] = await rowsTo(TOPIC);
    await clinic.hears({ kind: 'text', text: 'В WhatsApp', quote: first?.id ?? '' }, TOPIC, undefined, ANNA);
    expect((await rowsTo(telegram)).at(-1)?.content?.values['text']).toBe('В Telegram');
    expect((await answers()).map(({ content }) => content?.values['text'])).toEqual(['В WhatsApp']);
  });
});

describe('Nobody else hears what staff write', () => {
  it('where the patient is unknown or erased', async () => {
    await asksForAPerson();
    expect(await writes('Привет', undefined, { ...TOPIC, address: `${GROUP}#nobody` })).toEqual(['staffRoom.nobody']);
    await clinic.stores.patients.erase('maria', clinic.clock.now());
    expect(await writes('Привет')).toEqual(['staffRoom.nobody']);
    expect((await clinic.stores.outbox.list({ kind: 'reply' }, { limit: 50 })).items.at(0)?.content).toBeNull();
  });

  it('where the group is no longer the staff group of the branch', async () => {
    await asksForAPerson();
    await branchWith({ staffChat: '-100999' });
    expect(await writes('Привет')).toEqual(['staffRoom.nobody']);
    expect(await staffTap('takeOver')).toEqual(['staffRoom.nobody']);
    expect(await answers()).toEqual([]);
  });

  it('where the number has become somebody else’s since', async () => {
    await asksForAPerson();
    await writes('/return');
    await clinic.stores.patients.put('maria', buildPatient({ phones: ['+79160000000'] }), clinic.clock.now(), 'clinic');
    expect(await staffTap('takeOver')).toEqual(['staffRoom.nobody']);
    expect((await clinic.talk('inbox')).status).toBe('closed');
  });

  it('where the topic is another patient’s', async () => {
    await clinic.stores.patients.put(
      'boris',
      buildPatient({ firstName: 'Борис', phones: ['+79161111111'] }),
      clinic.clock.now(),
      'clinic',
    );
    await asksForAPerson();
    await clinic.says('позовите человека', { channel: 'whatsapp', address: '+79161111111' });
    await writes('Борису', undefined, { ...TOPIC, address: `${GROUP}#boris` });
    expect(await answers()).toEqual([]);
    expect((await rowsTo({ channel: 'whatsapp', address: '+79161111111' })).at(-1)?.content?.values['text']).toBe(
      'Борису',
    );
  });
});

describe('The inbox page and the group', () => {
  it('show each other’s answers', async () => {
    await asksForAPerson();
    const { id } = await clinic.talk('inbox');
    await clinic.engine.inbox.answer(id, 'Сейчас посмотрю', 'Ольга');
    expect((await rowsTo(TOPIC)).at(-1)?.content).toEqual({
      key: 'conversations.staffRoom.answered',
      values: { by: 'Ольга', words: 'Сейчас посмотрю' },
    });
    await clinic.engine.inbox.returnToBot(id);
    expect((await saidTo(TOPIC)).at(-1)).toBe('staffRoom.returned.staff');
  });

  it('hear that the bot has the dialogue again after 12 hours', async () => {
    await asksForAPerson();
    await writes('Минутку');
    clinic.clock.advance(12 * 3_600_000 - 1000);
    await clinic.engine.work.run(clinic.clock.now());
    expect((await clinic.talk('inbox')).status).toBe('handedOver');
    clinic.clock.advance(1000);
    await clinic.engine.work.run(clinic.clock.now());
    expect((await saidTo(TOPIC)).at(-1)).toBe('staffRoom.returned.time');
  });
});

describe('Erasing a patient', () => {
  it('takes the words from what staff were told and wrote', async () => {
    await asksForAPerson();
    await clinic.says('у меня болит зуб');
    await writes('Мария, приходите');
    await clinic.stores.patients.erase('maria', clinic.clock.now());
    const { items } = await clinic.stores.outbox.list({ patient: 'maria' }, { limit: 50 });
    expect(items.filter(({ content, to }) => content !== null || to !== null)).toEqual([]);
    expect(await clinic.stores.inbound.ofChat(TOPIC, { limit: 5 })).toEqual([]);
    expect(await clinic.stores.inbound.ofChat(MARIA, { limit: 5 })).toEqual([]);
  });
});
