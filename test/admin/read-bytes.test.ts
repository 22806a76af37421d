import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readBytes } from '../../src/admin/plugins/bytes.ts';

const rules = { most: 10, said: null, withinMs: 60_000 };

describe('Reading a body', () => {
  it('gives the bytes', async () => {
    const stream = new PassThrough();
    const read = readBytes(stream, rules);
    stream.write('12345');
    stream.end('67890');
    expect((await read).toString()).toBe('1234567890');
  });

  it('refuses a byte too many once the sender has done', async () => {
    const stream = new PassThrough();
    const read = readBytes(stream, rules);
    stream.end('12345678901');
    await expect(read).rejects.toMatchObject({ code: 'tooLarge' });
  });

  it('waits for a sender that said too much no longer than a moment', async () => {
    const stream = new PassThrough();
    stream.write('1');
    await expect(readBytes(stream, { ...rules, said: 11 })).rejects.toMatchObject({ code: 'tooLarge' });
  });

  it('stops a sender that does not stop', async () => {
    const stream = new PassThrough();
    const read = readBytes(stream, rules);
    const part = Buffer.alloc(4_000_000);
    for (let i = 0; i < 6; i += 1) stream.write(part);
    await expect(read).rejects.toMatchObject({ code: 'tooLarge' });
  });

  it('refuses a body that does not come in time', async () => {
    const stream = new PassThrough();
    stream.write('1');
    await expect(readBytes(stream, { ...rules, withinMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('refuses a body that breaks off', async () => {
    const stream = new PassThrough();
    const read = readBytes(stream, rules);
    stream.write('1');
    stream.destroy();
    await expect(read).rejects.toMatchObject({ code: 'invalid' });
  });
});
