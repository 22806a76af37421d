import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

const ban = (selector, message) => ({ selector, message });

const clock = [
  ban(
    "NewExpression[callee.name='Date'][arguments.length=0]",
    'Take the time as a parameter; only src/system.ts asks the clock.',
  ),
  ban("CallExpression[callee.name='Date']", 'Take the time as a parameter; only src/system.ts asks the clock.'),
  ban(
    "CallExpression[callee.object.name=/^(Date|performance)$/][callee.property.name='now']",
    'Take the time as a parameter; only src/system.ts asks the clock.',
  ),
  ban(
    "CallExpression[callee.object.name='DateTime'][callee.property.name='now']",
    'Take the time as a parameter; only src/system.ts asks the clock.',
  ),
  ban(
    "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(utc|local)$/][arguments.length=0]",
    'Take the time as a parameter; only src/system.ts asks the clock.',
  ),
];
const chance = [
  ban(
    "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    'Chance comes in by parameter; it is made in src/system.ts.',
  ),
  ban(
    'CallExpression[callee.name=/^random(UUID|Bytes|Int)$/]',
    'Ids come in by parameter; they are made in src/system.ts.',
  ),
  ban(
    'CallExpression[callee.property.name=/^random(UUID|Bytes|Int)$/]',
    'Ids come in by parameter; they are made in src/system.ts.',
  ),
];
const surroundings = [
  ban(
    "MemberExpression[object.name='process']",
    'Only src/main.ts knows the process; take what you need as a parameter.',
  ),
  ban(
    'ImportDeclaration[source.value=/^(node:)?process$/]',
    'Only src/main.ts knows the process; take what you need as a parameter.',
  ),
];
const shape = [
  ban('ExportDefaultDeclaration', 'Export by name: a name that is the same everywhere can be searched for.'),
  ban('ExportAllDeclaration', 'No barrels: import from the file that has it.'),
  ban('ExportNamedDeclaration[source]', 'No barrels: import from the file that has it.'),
  ban('TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]', 'No I prefix.'),
];
const tests = [
  ban(
    'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|failing)$/]',
    'A test runs or it is not there.',
  ),
  ban(
    'CallExpression[callee.name=/^(xit|fit|xdescribe|fdescribe|xtest|sleep)$/]',
    'A test runs, and waits for facts, not for time.',
  ),
];
const waiting = [
  ban(
    'CallExpression[callee.name=/^set(Timeout|Interval)$/]',
    'Move the FakeClock, or wait for the fact (test/support).',
  ),
  ban(
    "ImportDeclaration[source.value='node:timers/promises']",
    'Move the FakeClock, or wait for the fact (test/support).',
  ),
];
const restrict = (...lists) => ({ 'no-restricted-syntax': ['error', ...lists.flat()] });

export default defineConfig(
  { ignores: ['**/node_modules/', 'coverage/', 'data/', 'docs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-promise-executor-return': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A promise is part of many of our signatures whether or not this one awaits.
      '@typescript-eslint/require-await': 'off',
      // Ports are objects of closures: a function of one may be handed on alone.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', module: 'writable', URL: 'readonly' },
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error', ...restrict(clock, chance, surroundings, shape) },
  },
  { files: ['src/system.ts'], rules: restrict(surroundings, shape) },
  { files: ['src/main.ts'], rules: { 'no-console': 'off', ...restrict(clock, chance, shape) } },
  // Plain modules that the browser loads as they are.
  {
    files: ['src/admin/console/**/*.js', 'test/support/whatsapp-web-page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...[
            'window',
            'document',
            'navigator',
            'location',
            'history',
            'localStorage',
            'indexedDB',
            'sessionStorage',
            'fetch',
            'EventSource',
          ],
          ...[
            'setTimeout',
            'clearTimeout',
            'setInterval',
            'clearInterval',
            'requestAnimationFrame',
            'matchMedia',
            'Chart',
          ],
          ...[
            'Event',
            'CustomEvent',
            'FormData',
            'URLSearchParams',
            'AbortController',
            'AbortSignal',
            'HTMLElement',
            'customElements',
          ],
          ...[
            'crypto',
            'structuredClone',
            'Intl',
            'Blob',
            'Headers',
            'Response',
            'getComputedStyle',
            'ResizeObserver',
            'queueMicrotask',
          ],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['packages/*/{src,bin}/**/*.ts'],
    rules: {
      // Values from outside have types of their own there: a default answers for the rest.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      ...restrict(shape),
    },
  },
  {
    files: ['test/**/*.ts', 'packages/*/test/**/*.ts'],
    rules: restrict(tests, shape, waiting, clock, chance),
  },
  { files: ['packages/*/test/**/*.ts'], rules: restrict(tests, shape) },
  { files: ['test/support/**/*.ts', 'test/e2e/**/*.ts'], rules: restrict(tests, shape) },
  // Jest calls the default export of its global set-up.
  { files: ['test/support/mongo.ts', 'test/support/mongo-stop.ts'], rules: restrict(tests) },
);
