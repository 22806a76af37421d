// Gives package-lock.json an entry for every optional platform package.
//
// npm leaves an optional package out of the lock when the registry in use cannot serve it (https://github.com/npm/cli/issues/9846),
// and then `npm ci` refuses its own lock and other platforms miss their binaries. Run after each `npm install` that changed
// anything: `npm run lock`. An entry made here has a version and a platform but no integrity: npm fetches it by name on that platform only.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const OS_WORDS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU_WORDS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const OTHER_WORDS = new Map([
  ['armhf', 'arm'],
  ['linuxmusl', 'linux'],
  ['wasm', 'wasm32'],
  ['windows', 'win32'],
]);

/** @returns {{ os?: string[], cpu?: string[], libc?: string[] } | null} null when the name does not tell a platform */
function platformOf(name) {
  const words = name.split(/[-/]/).map((word) => OTHER_WORDS.get(word) ?? word);
  const cpu = words.find((word) => CPU_WORDS.includes(word));
  const os = words.find((word) => OS_WORDS.includes(word));
  if (cpu === 'wasm32') return { cpu: [cpu] };
  if (os === undefined) return null;
  const libc = /musl/.test(name) ? 'musl' : /-(gnu|glibc)/.test(name) ? 'glibc' : undefined;
  return { os: [os], ...(cpu && { cpu: [cpu] }), ...(os === 'linux' && libc && { libc: [libc] }) };
}

/** Looks from the asking package outwards, as Node does. */
function isLocked(packages, asker, name) {
  for (let at = asker; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    if (packages[`${at}${at && '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const before = Object.keys(lock.packages).length;
for (const [asker, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(lock.packages, asker, name)) continue;
    const platform = platformOf(name);
    const version = /^[\^~]?(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
    if (platform === null || version === undefined) {
      console.error(
        `complete-lock: ${name}@${range}, wanted by ${asker}, names no platform or no version; add it by hand`,
      );
      process.exitCode = 1;
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(platform.cpu && { cpu: platform.cpu }),
      ...(entry.dev && { dev: true }),
      ...(platform.libc && { libc: platform.libc }),
      optional: true,
      ...(platform.os && { os: platform.os }),
    };
  }
}
for (const entry of Object.values(lock.packages)) if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved;

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`complete-lock: ${Object.keys(lock.packages).length - before} platform packages added to ${file}`);
