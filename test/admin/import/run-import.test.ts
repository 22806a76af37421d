import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../../support/admin-server.ts';
import { importCommand } from '../../support/import-command.ts';

const admin = await openAdminServer();
const { file: fileOf, run, runAt } = importCommand(admin);

describe('A file that cannot be imported', () => {
  const FORMS = 'it must be NDJSON of {"type","key","body"} lines or FHIR R4 as JSON';
  it.each([
    ['a.pdf', Buffer.from('%PDF-1.7\n'), `this is a PDF; ${FORMS}`],
    ['a.gz', Buffer.from([0x1f, 0x8b, 8, 0]), 'the file is packed with gzip; unpack it first'],
    ['a.xlsx', Buffer.from('PK\u0003\u0004'), `this is a ZIP archive or an Office file; ${FORMS}`],
    ['a.xml', Buffer.from('\uFEFF<Bundle xmlns="http://hl7.org/fhir"/>'), `this is XML; ${FORMS}`],
    ['a.csv', Buffer.from('name;phone\nIvan;1\n'), `the file is neither; ${FORMS}`],
    ['a.json', Buffer.from('{\n  "name": "x"\n}'), `the file is neither; ${FORMS}`],
    ['b.json', Buffer.from('[{"resourceType":"Patient"}]'), `this is a JSON array; ${FORMS}`],
    [
      'c.json',
      Buffer.from('{\n "resourceType": "Bundle",\n "entry": ['),
      'the file is not valid JSON; it may be cut off',
    ],
    [
      'utf16.json',
      Buffer.from('\uFEFF{"resourceType":"Bundle"}', 'utf16le'),
      'the file is in UTF-16; save it as UTF-8',
    ],
    ['empty', Buffer.from(' \n'), 'the file is empty'],
  ])('is refused by what it is: %s', async (name, content, why) => {
    const file = fileOf(name, content);
    expect(await run(file)).toEqual({ code: 1, out: [], err: [`${file}: ${why}`] });
  });
});

describe('The command line of the import', () => {
  it.each([
    [[], 'name the file'],
    [['a', 'b'], 'name one file'],
    [['a', '--fast'], 'there is no option --fast'],
    [['a', '--country'], '--country needs a value'],
    [['a', '--branch-zone', '+03:00'], '--branch-zone must be an IANA zone, such as Europe/Rome'],
    [['a', '--country', 'ITA'], '--country must be a country of ISO 3166-1, such as IT'],
    [['a', '--currency', 'EURO'], '--currency must be a currency of ISO 4217, such as EUR'],
    [['a', '--locale', 'de'], '--locale must be one of ru, en, it'],
    [['a', '--branch', 'a b'], '--branch must be 1 to 64 characters of A–Z a–z 0–9 . _ : -'],
  ])('tells wrong use: %j', async (args, problem) => {
    const { code, err } = await run(...args);
    expect([code, err[0]?.split('\n')[0]]).toEqual([2, problem]);
  });

  it('prints its usage when asked', async () => {
    const { code, out } = await run('--help');
    expect([code, out[0]?.split('\n')[0]]).toEqual([0, 'npm run import -- FILE [options]']);
  });

  it('tells a file that is not there', async () => {
    expect(await run('/no/such/file')).toEqual({
      code: 2,
      out: [],
      err: ['there is no file /no/such/file that can be read'],
    });
  });
});

describe('An import while the service runs', () => {
  it('goes through it, since the embedded store takes one process', async () => {
    await admin.server.start();
    const { port } = admin.server.info;
    const branch = { name: 'Hill', timezone: 'Asia/Tbilisi', country: 'GE', currency: 'GEL', locale: 'en' };
    const file = fileOf('one.ndjson', JSON.stringify({ type: 'branch', key: 'hill', body: branch }));
    expect(await runAt(Number(port), 'demo', file)).toEqual({ code: 0, out: ['loaded 1, bad 0'], err: [] });
    expect(await runAt(Number(port), 'another', file)).toEqual({
      code: 1,
      out: ['loaded 0, bad 0'],
      err: [
        `the service at http://127.0.0.1:${port} does not take this ADMIN_TOKEN; what is loaded so far stays, and the file may be loaded again`,
      ],
    });
  });
});
