const swc = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/mongo.ts',
  globalTeardown: '<rootDir>/test/support/mongo-stop.ts',
  reporters: ['default', '<rootDir>/scripts/totals-reporter.mjs'],
  maxWorkers: 2,
  testTimeout: 30_000,
};
