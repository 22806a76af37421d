import { describe, expect, it } from '@jest/globals';
import { createLanes } from '../../src/bots/lanes.ts';
import { gate } from '../support/gate.ts';

describe('Lanes', () => {
  it('runs the tasks of one key one after another, in the order of the calls', async () => {
    const lanes = createLanes();
    const first = gate();
    const seen: string[] = [];
    const a = lanes.run('chat', async () => {
      await first.opened;
      seen.push('a');
    });
    const b = lanes.run('chat', async () => {
      seen.push('b');
    });
    first.open();
    await Promise.all([a, b]);
    expect(seen).toEqual(['a', 'b']);
  });

  it('runs other keys side by side', async () => {
    const lanes = createLanes();
    const slow = gate();
    const waiting = lanes.run('slow', () => slow.opened);
    await expect(lanes.run('quick', async () => 'done')).resolves.toBe('done');
    slow.open();
    await waiting;
  });

  it('goes on behind a task that failed, whose caller alone hears of it', async () => {
    const lanes = createLanes();
    const bad = lanes.run('chat', async () => {
      throw new Error('bad');
    });
    const good = lanes.run('chat', async () => 'good');
    await expect(bad).rejects.toThrow('bad');
    await expect(good).resolves.toBe('good');
  });

  it('forgets a lane that is empty', async () => {
    const lanes = createLanes();
    await Promise.all([lanes.run('a', async () => 1), lanes.run('b', async () => 2)]);
    await lanes.allIdle();
    expect(lanes.count()).toBe(0);
  });

  it('is idle only when tasks added meanwhile are done too', async () => {
    const lanes = createLanes();
    const seen: string[] = [];
    void lanes.run('chat', async () => {
      seen.push('first');
      void lanes.run('chat', async () => {
        seen.push('second');
      });
    });
    await lanes.idle('chat');
    expect(seen).toEqual(['first', 'second']);
  });
});
