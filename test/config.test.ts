import { describe, expect, it } from '@jest/globals';
import { describeConfig, readConfig } from '../src/config.ts';

const problemsOf = (environment: Record<string, string>): readonly string[] =>
  readConfig(environment, '/srv/zabota').problems ?? [];

describe('The settings', () => {
  it('are a demo on the embedded store where nothing is said', () => {
    expect(readConfig({}, '/srv/zabota').config).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDir: '/srv/zabota/data',
      mongodbUri: null,
      demo: true,
      sampleClinic: true,
      adminToken: 'demo',
      publicUrl: null,
      logLevel: 'info',
      channels: { telegram: null, whatsappWeb: null, whatsappCloud: null, twilio: null, mail: null },
    });
  });

  it('are no demo where a database is named, and then a token is required', () => {
    expect(problemsOf({ MONGODB_URI: 'mongodb://db/zabota' })).toEqual([
      'ADMIN_TOKEN is required where a database is named, for its instances have to share it',
    ]);
  });

  it('name every problem at once', () => {
    expect(
      problemsOf({
        PORT: '70000',
        DEMO: 'yes',
        DEMO_DATA: 'some',
        LOG_LEVEL: 'loud',
        MONGODB_URI: 'postgres://db',
        ADMIN_TOKEN: 'short',
        PUBLIC_URL: 'clinic.example',
      }),
    ).toEqual([
      'MONGODB_URI must begin with mongodb:// or mongodb+srv://',
      'PUBLIC_URL must be an http or https address',
      'DEMO must be 1 or 0',
      'PORT must be a whole number from 0 to 65535',
      'DEMO_DATA must be sample or none',
      'ADMIN_TOKEN must be 16 characters or more, without spaces',
      'LOG_LEVEL must be one of debug, info, warn, error, silent',
    ]);
  });

  it('keep a demo, whose token is public, on this machine', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual(['HOST must be 127.0.0.1 in demo mode: its token is public']);
  });

  it('name what is missing of a half-set channel, and want secrets whole and each its own', () => {
    expect(
      problemsOf({
        ADMIN_TOKEN: 'a-secret-of-the-owner',
        TELEGRAM_BOT_TOKEN: 'hello',
        TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-owner',
        WHATSAPP_CLOUD_TOKEN: 'a token with spaces',
        WHATSAPP_CLOUD_PHONE_ID: '+995',
        SMTP_URL: 'mail.example',
        TWILIO_FROM: '+15005550006',
      }),
    ).toEqual([
      'TELEGRAM_BOT_TOKEN must be the token as @BotFather gave it: digits, a colon, letters',
      'TELEGRAM_WEBHOOK_SECRET needs PUBLIC_URL, where Telegram calls',
      'WHATSAPP_CLOUD_ACCOUNT_ID is missing: it is needed with WHATSAPP_CLOUD_TOKEN, WHATSAPP_CLOUD_PHONE_ID',
      'WHATSAPP_CLOUD_APP_SECRET is missing: it is needed with WHATSAPP_CLOUD_TOKEN, WHATSAPP_CLOUD_PHONE_ID',
      'WHATSAPP_CLOUD_VERIFY_TOKEN is missing: it is needed with WHATSAPP_CLOUD_TOKEN, WHATSAPP_CLOUD_PHONE_ID',
      'WHATSAPP_CLOUD_TOKEN must be 16 characters or more, without spaces',
      'WHATSAPP_CLOUD_PHONE_ID must be digits: the id, not the number',
      'MAIL_FROM is missing: it is needed with SMTP_URL',
      'SMTP_URL must be smtp:// or smtps:// with user, password, host and port; signs such as @ # / in the password are written %40 %23 %2F',
      'TWILIO_ACCOUNT_SID is missing: it is needed with TWILIO_FROM',
      'TWILIO_AUTH_TOKEN is missing: it is needed with TWILIO_FROM',
      'TELEGRAM_WEBHOOK_SECRET must not be the same as ADMIN_TOKEN',
    ]);
  });

  it('switch a channel on by one variable, and are then no demo', () => {
    const { config } = readConfig(
      { TELEGRAM_BOT_TOKEN: '12345:abcdefghijklmnop', ADMIN_TOKEN: 'a-secret-of-the-owner' },
      '/srv/zabota',
    );
    expect(config).toMatchObject({
      demo: false,
      channels: {
        telegram: { token: '12345:abcdefghijklmnop', apiRoot: 'https://api.telegram.org', webhook: null },
        whatsappWeb: null,
      },
    });
  });

  it('want a browser for WhatsApp through a linked phone, and one WhatsApp only', () => {
    const { problems } = readConfig({ WHATSAPP_WEB: '1', ADMIN_TOKEN: 'a-secret-of-the-owner' }, '/srv', () => false);
    expect(problems).toEqual(['CHROMIUM_PATH is missing: WHATSAPP_WEB needs a Chromium or Chrome and none was found']);
  });

  it('take the number that the phone is linked by, with WHATSAPP_WEB only', () => {
    const base = { WHATSAPP_WEB: '1', CHROMIUM_PATH: '/usr/bin/chromium', ADMIN_TOKEN: 'a-secret-of-the-owner' };
    const read = (phone: string, rest: Readonly<Record<string, string>>) =>
      readConfig({ ...rest, WHATSAPP_WEB_PHONE: phone }, '/srv', () => true);
    expect(read('+79161234567', base).config?.channels.whatsappWeb).toEqual({
      chromiumPath: '/usr/bin/chromium',
      sessionDir: '/srv/data/whatsapp-web',
      pairWith: '+79161234567',
      polls: false,
    });
    expect(read('8 916 123-45-67', base).problems).toEqual(['WHATSAPP_WEB_PHONE must be the number as + and digits']);
    expect(read('+79161234567', {}).problems).toEqual(['WHATSAPP_WEB_PHONE is of no use without WHATSAPP_WEB']);
  });

  it('take polls in place of numbered lines where they are wanted, with WHATSAPP_WEB only', () => {
    const base = { WHATSAPP_WEB: '1', CHROMIUM_PATH: '/usr/bin/chromium', ADMIN_TOKEN: 'a-secret-of-the-owner' };
    const read = (polls: string, rest: Readonly<Record<string, string>>) =>
      readConfig({ ...rest, WHATSAPP_WEB_POLLS: polls }, '/srv', () => true);
    const { config } = read('1', base);
    if (config === null) throw new Error('the settings are right');
    expect(config.channels.whatsappWeb?.polls).toBe(true);
    expect(describeConfig(config)).toMatch(/^WHATSAPP_WEB_POLLS +1$/m);
    expect(read('0', base).config?.channels.whatsappWeb?.polls).toBe(false);
    expect(read('yes', base).problems).toEqual(['WHATSAPP_WEB_POLLS must be 1 or 0']);
    expect(read('1', {}).problems).toEqual(['WHATSAPP_WEB_POLLS is of no use without WHATSAPP_WEB']);
  });

  it.each(['smtp://clinic:pa#ss@mail.example:587', 'smtp://clinic:pa/ss@mail.example', 'smtps://', 'mail.example:587'])(
    'want an address of a mail server that can be read, not %s',
    (url) => {
      const base = { MAIL_FROM: 'book@clinic.example', ADMIN_TOKEN: 'a-secret-of-the-owner' };
      expect(readConfig({ ...base, SMTP_URL: url }, '/srv').problems).toEqual([
        'SMTP_URL must be smtp:// or smtps:// with user, password, host and port; signs such as @ # / in the password are written %40 %23 %2F',
      ]);
      const whole = { ...base, SMTP_URL: 'smtp://clinic:pa%23ss@mail.example:587' };
      expect(readConfig(whole, '/srv').config?.channels.mail?.smtpUrl).toBe('smtp://clinic:pa%23ss@mail.example:587');
    },
  );

  it('let no demo write to the made-up numbers of its sample clinic over a real channel', () => {
    const twilio = {
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'a-token-of-twilio-0',
      TWILIO_FROM: '+15005550006',
    };
    expect(problemsOf({ DEMO: '1', ...twilio })).toEqual([
      'DEMO_DATA must be none with a real WhatsApp or SMS: the numbers of the sample clinic may be somebody’s',
    ]);
    expect(problemsOf({ DEMO: '1', DEMO_DATA: 'none', ...twilio })).toEqual([]);
  });

  it('need no token where the service keeps its own', () => {
    const read = readConfig(
      { TELEGRAM_BOT_TOKEN: '12345:abcdefghijklmnop' },
      '/srv',
      () => false,
      (folder) => `of ${folder}`,
    );
    expect(read.config).toMatchObject({ demo: false, adminToken: 'of /srv/data' });
  });

  it('show no secret', () => {
    const { config } = readConfig(
      { MONGODB_URI: 'mongodb://user:hush@db/zabota', ADMIN_TOKEN: 'a-secret-of-the-owner' },
      '/srv/zabota',
    );
    if (config === null) throw new Error('the settings are right');
    expect(describeConfig(config)).not.toMatch(/hush|a-secret-of-the-owner/);
  });
});
