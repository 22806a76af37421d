import { readdirSync, readFileSync } from 'node:fs';

/** What `getconf CLK_TCK` says on Linux. */
const TICK_MS = 10;

/** Processor time of a process and of all its children, by their programs, in ms since their start. Linux only. */
export function processTimes(pid: number): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const id of family(pid)) {
    const [name, ms] = timeOf(id);
    times.set(name, (times.get(name) ?? 0) + ms);
  }
  return times;
}

/** The processes that a process has started and their children, itself left out. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function family(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(family)];
}

function timeOf(pid: number): readonly [name: string, ms: number] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const script = program.find((word) => /main\.ts|pocket-mongod|mongod\.ts/.test(word));
  return [
    script?.split('/').at(-1) ?? program[0]?.split('/').at(-1) ?? 'unknown',
    (Number(fields[11]) + Number(fields[12])) * TICK_MS,
  ];
}
