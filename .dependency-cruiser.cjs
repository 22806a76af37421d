// The house as rules (docs/ARCHITECTURE.md): five rooms around the hall `core`; app.ts is the only place that knows them all.
const rooms = ['bots', 'conversations', 'scenarios', 'admin', 'models'];
const pure = [
  '^src/core/',
  '^src/scenarios/definitions/',
  '^src/scenarios/(rules|windows)\\.ts$',
  '^src/conversations/machines/',
  '^src/.+/parse\\.ts$',
];
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** A library and the only places that may know it. */
const homes = [
  { name: 'mongodb', library: npm('mongoose', 'mongodb', 'bson'), home: '^src/models/' },
  { name: 'agenda', library: npm('agenda', '@agendajs'), home: '^src/scenarios/agenda[^/]*\\.ts$' },
  {
    name: 'hapi',
    library: npm('@hapi', 'joi', 'hapi-swagger', 'chart\\.js', 'preact', 'htm', 'uqr'),
    home: '^src/admin/',
  },
  { name: 'exceljs', library: npm('exceljs'), home: '^src/admin/' },
  { name: 'xstate', library: npm('xstate'), home: '^src/conversations/(machines/|engine)' },
  { name: 'grammy', library: npm('grammy', '@grammyjs'), home: '^src/bots/telegram/' },
  {
    name: 'whatsapp-web',
    library: npm('whatsapp-web\\.js', 'puppeteer', 'puppeteer-core'),
    home: '^src/bots/whatsapp-web/',
  },
  { name: 'nodemailer', library: npm('nodemailer', 'ical-generator'), home: '^src/bots/email/' },
  { name: 'undici', library: npm('undici'), home: '^src/bots/http/' },
  { name: 'phone', library: npm('libphonenumber-js'), home: '^src/core/phone\\.ts$' },
  { name: 'prom-client', library: npm('prom-client'), home: '^src/metrics\\.ts$' },
  { name: 'pino', library: npm('pino'), home: '^src/log\\.ts$' },
  { name: 'i18next', library: npm('i18next'), home: '^src/i18n\\.ts$' },
  { name: 'pocket-mongo', library: '^packages/', home: '^src/(models/|app\\.ts$|main\\.ts$)' },
];

module.exports = {
  forbidden: [
    {
      name: 'rooms-know-only-core',
      comment: 'A room imports itself and src/core; what it needs of another room comes in as a port from app.ts.',
      severity: 'error',
      from: { path: `^src/(${rooms.join('|')})/` },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/core/'] },
    },
    {
      name: 'core-knows-nobody',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^(src|packages|test|scripts|bench)/', pathNot: '^src/core/' },
    },
    {
      name: 'core-uses-luxon-only',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: 'node_modules/', pathNot: [npm('luxon', '@types/luxon'), npm('libphonenumber-js')] },
    },
    {
      name: 'root-files-know-only-core',
      comment: 'config, system, log, i18n and metrics stand alone; app.ts joins them.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/(app|main)\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/core/', '^src/config-channels\\.ts$'] },
    },
    {
      name: 'five-rooms',
      comment: 'The house has five rooms and the hall; beside them only these files.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: [
          `^src/(core|${rooms.join('|')})/`,
          '^src/(main|app|config|config-channels|system|log|i18n|metrics)\\.ts$',
        ],
      },
    },
    {
      name: 'pure-places-do-no-io',
      comment: 'Decisions get facts and time as parameters: no Node module there.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    ...homes.map(({ name, library, home }) => ({
      name: `${name}-stays-home`,
      severity: 'error',
      from: { path: '^src/', pathNot: home },
      to: { path: library },
    })),
    {
      name: 'src-is-not-for-tests',
      severity: 'error',
      from: { path: '^(src|packages/[^/]+/(src|bin))/' },
      to: { path: '(^|/)(test|bench|scripts)/', pathNot: 'node_modules/' },
    },
    {
      name: 'packages-stand-alone',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^(src|test|packages)/', pathNot: '^packages/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'reached-from-main',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: '^src/.+\\.ts$', reachable: false },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-in-package-json',
      severity: 'error',
      from: { path: '^(src|packages/[^/]+/(src|bin))/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
