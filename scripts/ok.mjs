// Everything that must hold, cheapest first; stops at the first that does not. `--but-tests` is for .ci/run, which has just run them.
import { spawnSync } from 'node:child_process';

const stages = [
  ['format', 'format:check'],
  ['lint', 'lint'],
  ['types', 'types'],
  ['import rules', 'deps:check'],
  ['unused code', 'unused'],
  ['tests', 'test'],
];
const butTests = process.argv.includes('--but-tests');

for (const [stage, script] of stages) {
  if (butTests && script === 'test') continue;
  const startedAt = Date.now();
  console.log(`\n${stage} (npm run ${script})`);
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\nNot ok: ${stage}.`);
    process.exit(1);
  }
  console.log(`${stage}: ok, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
console.log(butTests ? '\nOk (tests ran apart).' : '\nOk.');
