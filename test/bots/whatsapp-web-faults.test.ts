import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { browsersIn, lives, setWatch, type WhatsappWebBench, whatsappWebBench } from '../support/whatsapp-web-bench.ts';

const SCRIPT = fileURLToPath(new URL('../support/whatsapp-web-process.ts', import.meta.url));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { stores } = await openTestStores();
const benches: WhatsappWebBench[] = [];

async function setUp(options: Parameters<typeof whatsappWebBench>[1] = {}): Promise<WhatsappWebBench> {
  await stores.simulator.reset();
  const bench = await whatsappWebBench(stores, options);
  benches.push(bench);
  return bench;
}
const booted = ({ page }: WhatsappWebBench): number => page.notes.filter((note) => note === 'booted').length;
const message = outgoing({ to: '+79161234567' });

afterEach(async () => {
  // Last made, first ended: a second holder of a folder goes before its first.
  for (const bench of benches.splice(0).reverse()) await bench.remove();
});

describe('A linked phone', () => {
  it('is linked by a code to type in where the number is set', async () => {
    const bench = await setUp({ change: { pairWith: '+79990000001' } });
    await bench.channel.start(bench.events);
    await bench.is('connecting', 'code:ABCD-EFGH');
    expect(bench.page.notes).toContain('pair 79990000001');
    await bench.page.link();
    await bench.is('up');
  });

  it('asks for a new code when the page has stopped making them', async () => {
    const bench = await setUp();
    await bench.channel.start(bench.events);
    await bench.is('connecting', /^qr:/);
    const { detail } = bench.channel.health();
    await bench.page.state('UNPAIRED_IDLE');
    await until(() => bench.page.notes.includes('refreshQr'));
    await until(() => bench.channel.health().detail !== detail);
    expect(bench.channel.health().detail).toMatch(/^qr:/);
  });

  it('keeps its session where nobody else can read it', async () => {
    const bench = await setUp();
    await bench.link();
    expect((statSync(bench.settings.sessionDir).mode & 0o777).toString(8)).toBe('700');
  });

  it('is slower in the first hour after it was linked', async () => {
    const bench = await setUp();
    expect(bench.channel.pace).toMatchObject({ perSecond: 0.2, betweenMs: [4_000, 12_000], coldPerDay: 20 });
    bench.page.saidMeanwhile({ from: '79161234567', text: 'to the clinic’s people, before we were there', t: 1 });
    await bench.link();
    expect(bench.channel.pace).toMatchObject({ perSecond: 0.05, betweenMs: [15_000, 45_000] });
    bench.advance(HOUR);
    expect(bench.channel.pace).toMatchObject({ perSecond: 0.2 });
    expect(bench.received).toEqual([]);
  });

  it('makes a poll of choices where that is wanted, and a vote a choice', async () => {
    const asked: unknown[] = [];
    const bench = await setUp({
      change: { polls: true },
      deps: {
        taps: {
          read: async () => ({ kind: 'choice', choice: 'unknown' }),
          messageOf: async () => null,
          addressOf: async () => null,
          async titled(...question) {
            asked.push(question);
            return { kind: 'choice', choice: 'yes', message: 'm-1' };
          },
        },
      },
    });
    await bench.link();
    const choices = [
      { id: 'yes', title: 'Yes' },
      { id: 'no', title: 'No' },
    ];
    const text = { key: 'scenarios.confirm', locale: 'en', text: 'Will you come?', choices } as const;
    const answer = await bench.channel.send(outgoing({ to: '+79161234567', text }));
    const poll = bench.page.sent[0];
    expect(poll).toMatchObject({ text: 'Will you come?', poll: ['Yes', 'No'] });
    await bench.page.vote({ from: '79161234567', poll: poll?.id ?? '', options: [] });
    await bench.page.vote({ from: '79161234567', poll: poll?.id ?? '', options: ['Yes'] });
    await until(() => bench.received.length === 1);
    expect(asked).toEqual([['whatsapp', answer.kind === 'sent' ? answer.providerId : '', 'Yes']]);
    expect(bench.received[0]).toMatchObject({
      from: { address: '+79161234567' },
      body: { kind: 'choice', choice: 'yes', message: 'm-1' },
    });
  });

  it('sees within 5 s that the browser was killed, says so, and comes back with its session and nothing lost', async () => {
    const bench = await setUp();
    await bench.link();
    await bench.channel.send(message);
    const killed = bench.browserPid();
    process.kill(killed, 'SIGKILL');
    await until(() => bench.channel.health().state === 'down', { withinMs: 5_000 });
    expect(bench.channel.health().detail).toBe('browserFailed');
    expect(await bench.channel.send({ ...message, attemptId: 'a-2' })).toEqual({
      kind: 'retry',
      afterMs: 30_000,
      reason: 'notConnected',
    });
    expect(await bench.channel.find('a-1')).toMatchObject({ kind: 'sent' });
    expect(await bench.channel.find('a-2')).toEqual({ kind: 'absent' });
    bench.page.saidMeanwhile({ from: '79161234567', text: 'written meanwhile' });
    bench.advance(10_000);
    await bench.is('up');
    await until(() => bench.received.length === 1);
    expect(bench.received[0]).toMatchObject({ body: { text: 'written meanwhile' } });
    expect(await bench.channel.send({ ...message, attemptId: 'a-3' })).toMatchObject({ kind: 'sent' });
    expect(bench.page.sent).toHaveLength(2);
    expect(bench.browserPid()).not.toBe(killed);
  });

  it('ends a browser that hangs, and opens another', async () => {
    const bench = await setUp();
    await bench.link();
    const hung = bench.browserPid();
    process.kill(hung, 'SIGSTOP');
    await bench.is('connecting', 'noNetwork');
    await bench.is('down', 'noAnswer');
    await until(() => !lives(hung));
    bench.advance(10_000);
    await bench.is('up');
  });

  it('does not know what became of a message when the browser dies under it, and asks the page that follows', async () => {
    const bench = await setUp();
    await bench.link();
    bench.page.acks();
    const sending = bench.channel.send(message);
    await until(async () => {
      const [session = ''] = await stores.channelMemory.keysOf('whatsapp', 'session');
      const kept = await stores.channelMemory.get('whatsapp', session.replace('session', 'attempts'));
      return kept?.includes('handed') === true;
    });
    // WhatsApp has it, and the ack finds nobody.
    bench.page.had(bench.page.sent[0]?.id ?? '', 2);
    process.kill(bench.browserPid(), 'SIGKILL');
    expect(await sending).toMatchObject({ kind: 'unknown' });
    bench.advance(10_000);
    await bench.is('up');
    expect(await bench.channel.find('a-1')).toEqual({
      kind: 'sent',
      providerId: bench.page.sent[0]?.id,
      delivered: true,
    });
  });

  it('starts over where «ready» never comes', async () => {
    const bench = await setUp();
    await bench.link();
    bench.page.boots({ neverSyncs: true });
    await bench.page.reload();
    await bench.is('connecting', 'syncing');
    const stuck = bench.browserPid();
    bench.advance(MINUTE);
    await bench.is('down', 'notSynced');
    await until(() => !lives(stuck));
    bench.page.boots({});
    bench.advance(10_000);
    await bench.is('up');
  });

  it('ends a browser of which nothing is heard for a minute', async () => {
    const bench = await setUp();
    bench.page.boots({ deaf: true });
    await bench.channel.start(bench.events);
    await until(() => booted(bench) === 1);
    const deaf = bench.browserPid();
    bench.advance(MINUTE);
    await bench.is('down', 'noAnswer');
    await until(() => !lives(deaf));
  });

  it.each([
    ['thrown out by the phone', 'loggedOut', (bench: WhatsappWebBench) => bench.page.kick()],
    ['logged out', 'loggedOut', (bench: WhatsappWebBench) => bench.page.logout()],
    ['banned', 'banned', (bench: WhatsappWebBench) => bench.page.kick('TOS_BLOCK')],
  ])('stays down when it was %s, with one change of state and no further try', async (_how, why, end) => {
    const bench = await setUp();
    await bench.link();
    const browser = bench.browserPid();
    const said = new Set<string>();
    const watching = setWatch(() => said.add(`${bench.channel.health().state} ${bench.channel.health().detail ?? ''}`));
    await end(bench);
    await bench.is('down', why);
    await until(() => !lives(browser));
    const { since } = bench.channel.health();
    const pages = booted(bench);
    bench.advance(HOUR);
    expect(await bench.channel.send(message)).toMatchObject({ kind: 'retry', reason: 'notConnected' });
    await until(() => said.has(`down ${why}`));
    watching();
    expect([...said].filter((one) => one !== 'up ')).toEqual([`down ${why}`]);
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: why, since });
    expect(booted(bench)).toBe(pages);
    await until(() => existsSync(join(bench.settings.sessionDir, 'session')) === (why === 'banned'));
    // As staff does it: POST /channels/whatsapp/connect.
    await bench.channel.stop();
    await bench.channel.start(bench.events);
    await bench.is('connecting', /^qr:/);
  });

  it('leaves a session alone that another process has, and takes it over when that one stops', async () => {
    const first = await setUp();
    await first.link();
    const second = await whatsappWebBench(stores, { change: { ...first.settings } });
    benches.push(second);
    await second.channel.start(second.events);
    await second.is('down', 'inUse');
    expect(await first.channel.send(message)).toMatchObject({ kind: 'sent' });
    await first.channel.stop();
    second.advance(10_000);
    await second.is('up');
    expect(await second.channel.find('a-1')).toMatchObject({ kind: 'sent' });
  });

  it('says that the browser does not start, and goes on trying', async () => {
    const bench = await setUp({ change: { chromiumPath: '/bin/false' } });
    await bench.channel.start(bench.events);
    await bench.is('down', 'browserFailed');
    const starts = (): number => bench.log.lines.filter(({ fields }) => fields?.['at'] === 'opening').length;
    expect(starts()).toBe(1);
    bench.advance(10_000);
    await until(() => starts() === 2);
    await bench.is('down', 'browserFailed');
  });

  it('leaves no browser behind when it stops, at once or while it starts', async () => {
    const bench = await setUp();
    await bench.link();
    const linked = bench.browserPid();
    await bench.channel.stop();
    expect(lives(linked)).toBe(false);
    await bench.channel.start(bench.events);
    await bench.channel.stop();
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'stopped' });
    expect(browsersIn(bench.settings.sessionDir)).toEqual([]);
  });

  it('leaves no browser behind when its process is killed, and starts again in the same folder', async () => {
    const bench = await setUp();
    const own = spawn(process.execPath, ['--import', 'tsx', SCRIPT, JSON.stringify(bench.settings)], {
      stdio: 'ignore',
    });
    try {
      await until(() => booted(bench) === 1, { withinMs: 20_000 });
      expect(browsersIn(bench.settings.sessionDir).length).toBeGreaterThan(1);
      await bench.page.link();
    } finally {
      own.kill('SIGKILL');
    }
    await once(own, 'exit');
    await until(() => browsersIn(bench.settings.sessionDir).length === 0);
    await bench.channel.start(bench.events);
    await bench.is('up');
  });

  it('ends a browser that outlived its process, and the lock that another host left', async () => {
    const bench = await setUp();
    await bench.link();
    await bench.channel.stop();
    const { sessionDir } = bench.settings;
    const stale = spawn('sh', ['-c', 'while :; do sleep 1; done', sessionDir], { stdio: 'ignore' });
    writeFileSync(join(sessionDir, 'browser.pid'), String(stale.pid));
    symlinkSync('another-host-1', join(sessionDir, 'session', 'SingletonLock'));
    const ended = once(stale, 'exit');
    await bench.channel.start(bench.events);
    await bench.is('up');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('does not touch a process that has the number of an old browser', async () => {
    const bench = await setUp();
    await bench.link();
    await bench.channel.stop();
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(join(bench.settings.sessionDir, 'browser.pid'), String(stranger.pid));
    await bench.channel.start(bench.events);
    await bench.is('up');
    expect(lives(stranger.pid ?? 0)).toBe(true);
    stranger.kill();
  });

  it('writes no number and no words into the log', async () => {
    const bench = await setUp();
    await bench.link();
    bench.page.unknown('79160000001');
    await bench.channel.send(message);
    await bench.channel.send({ ...message, to: '+79160000001', attemptId: 'a-2' });
    await bench.page.say({ from: '79161234567', text: 'secret words' });
    await until(() => bench.received.length === 1);
    process.kill(bench.browserPid(), 'SIGKILL');
    await bench.is('down');
    const lines = JSON.stringify(bench.log.lines);
    for (const secret of ['9161234567', '9160000001', 'secret words', '12:00', '2@'])
      expect(lines).not.toContain(secret);
  });
});
