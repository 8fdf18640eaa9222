import { readFileSync } from 'node:fs';

/** The most memory that this process held, in MiB. Linux gives its maxRSS that of the process it was started from. */
export function peakOfProcess(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** Seconds of CPU, all threads. */
export function cpuOfProcess(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
