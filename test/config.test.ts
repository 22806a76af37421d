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
    });
  });

  it('are no demo where a database is named, and then a token is required', () => {
    expect(problemsOf({ MONGODB_URI: 'mongodb://db/zabota' })).toEqual(['ADMIN_TOKEN is required outside demo mode']);
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
      'DEMO must be 1 or 0',
      'PORT must be a whole number from 0 to 65535',
      'DEMO_DATA must be sample or none',
      'ADMIN_TOKEN must be 16 characters or more, without spaces',
      'PUBLIC_URL must be an http or https address',
      'LOG_LEVEL must be one of debug, info, warn, error, silent',
    ]);
  });

  it('keep a demo, whose token is public, on this machine', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual(['HOST must be 127.0.0.1 in demo mode: its token is public']);
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
