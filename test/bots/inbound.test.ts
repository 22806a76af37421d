import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InboundMessage, Receive } from '../../src/core/inbound.ts';
import { gate } from '../support/gate.ts';
import { inboundRoom, START, said } from '../support/inbound-room.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

beforeEach(() => stores.simulator.reset());

const setUp = (handle: Receive, inbound = stores.inbound) => inboundRoom(handle, inbound);

describe('A received message', () => {
  it('is durable when received resolves, and handled after that', async () => {
    const handled = gate();
    const { room, inbound } = setUp(() => handled.opened);
    await room.received(said('m1'));
    expect(await inbound.unhandled()).toMatchObject([{ id: 'm1', handledAt: null }]);
    handled.open();
    await room.idle({ channel: 'telegram', address: '700' });
    expect(await inbound.unhandled()).toEqual([]);
  });

  it('takes effect once however often it comes', async () => {
    const seen: string[] = [];
    const { room, metrics } = setUp(async ({ id }) => {
      seen.push(id);
    });
    await Promise.all(Array.from({ length: 10 }, () => room.received(said('m1'))));
    await room.allIdle();
    await room.received(said('m1'));
    await room.allIdle();
    expect(seen).toEqual(['m1']);
    expect(metrics.counted).toEqual(['received telegram text']);
  });

  it('is cleaned before it is stored', async () => {
    const { room, inbound } = setUp(async () => undefined);
    await room.received(said('m1', 'ye\u0000s'));
    const [stored] = await inbound.ofChat({ channel: 'telegram', address: '700' }, { limit: 1 });
    expect(stored?.body).toEqual({ kind: 'text', text: 'yes' });
  });

  it('is refused to the platform, to be brought again, when it cannot be stored', async () => {
    const store = async (): Promise<boolean> => {
      throw new Error('no store');
    };
    const { room } = setUp(async () => undefined, { ...stores.inbound, store });
    await expect(room.received(said('m1'))).rejects.toThrow('no store');
  });
});

describe('The chat', () => {
  it('is ordered: one message after the other, in the order they were received', async () => {
    const first = gate();
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      if (id === 'm1') await first.opened;
      seen.push(id);
    });
    await Promise.all([room.received(said('m1')), room.received(said('m2')), room.received(said('m3'))]);
    first.open();
    await room.allIdle();
    expect(seen).toEqual(['m1', 'm2', 'm3']);
  });

  it('keeps its order while the store answers out of order', async () => {
    const inbound = stores.inbound;
    const slow = gate();
    const seen: string[] = [];
    const store = async (message: InboundMessage): Promise<boolean> => {
      if (message.id === 'm1') await slow.opened;
      return inbound.store(message);
    };
    const { room } = setUp(
      async ({ id }) => {
        seen.push(id);
      },
      { ...inbound, store },
    );
    const both = [room.received(said('m1')), room.received(said('m2'))];
    slow.open();
    await Promise.all(both);
    await room.allIdle();
    expect(seen).toEqual(['m1', 'm2']);
  });

  it('does not wait for another chat', async () => {
    const slow = gate();
    const quick = gate();
    const { room } = setUp(async ({ from }) => {
      if (from.address === '700') await slow.opened;
      else quick.open();
    });
    await room.received(said('m1'));
    await room.received(said('m2', 'hello', '800'));
    await quick.opened;
    await room.idle({ channel: 'telegram', address: '800' });
    slow.open();
    await room.allIdle();
  });
});

describe('A message whose handling fails', () => {
  it('is tried three times, given up in the log, and left for the next start', async () => {
    const { room, inbound, log, paused } = setUp(async () => {
      throw new Error('bad');
    });
    await room.received(said('m1', 'private words'));
    await room.allIdle();
    expect(log.lines.map(({ event }) => event)).toEqual(['inbound.failed', 'inbound.failed', 'inbound.givenUp']);
    expect(JSON.stringify(log.lines)).not.toContain('private');
    expect(paused).toEqual([200, 1000]);
    expect(await inbound.unhandled()).toMatchObject([{ id: 'm1', tries: 3 }]);
  });

  it('does not poison the next one of its chat', async () => {
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      if (id === 'm1') throw new Error('bad');
      seen.push(id);
    });
    await room.received(said('m1'));
    await room.received(said('m2'));
    await room.allIdle();
    expect(seen).toEqual(['m2']);
  });

  it('is handled when a later try succeeds', async () => {
    let tries = 0;
    const { room, inbound } = setUp(async () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    });
    await room.received(said('m1'));
    await room.allIdle();
    expect(await inbound.unhandled()).toEqual([]);
  });
});

describe('A start', () => {
  it('goes on with what was stored and not handled, before newer messages of the chat', async () => {
    const inbound = stores.inbound;
    await inbound.store(said('m1'));
    await inbound.store(said('m2'));
    await inbound.markHandled(said('m1'), new Date(START));
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      seen.push(id);
    }, inbound);
    await room.recover();
    await room.received(said('m3'));
    await room.allIdle();
    expect(seen).toEqual(['m2', 'm3']);
    expect(await inbound.unhandled()).toEqual([]);
  });
});
