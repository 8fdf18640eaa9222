/** Processes of benchmarks: what each used. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AS_IN_LAMBDA } from './bundled.ts';
import { cpuOfProcess } from './load/used.ts';

/** Of one process: its output, the time of its work, its peak in MiB. CPU is that of the embedded AWS too. */
export interface Measured<T = unknown> {
  readonly output: T;
  readonly seconds: number;
  readonly cpu: number;
  readonly rss: number;
}

/** Runs a script of Node as a Lambda runs it. It prints what it used as its last line. */
export const measuredTask = <T>(script: string, ...args: (string | number)[]): Promise<Measured<T>> =>
  measured(process.execPath, ...AS_IN_LAMBDA, script, ...args);

/** Runs a program that prints what it used as its last line. */
export async function measured<T>(program: string, ...args: (string | number)[]): Promise<Measured<T>> {
  const before = cpuOfProcess();
  const { stdout } = await promisify(execFile)(program, args.map(String));
  const measurement = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured<T>;
  return { ...measurement, cpu: measurement.cpu + cpuOfProcess() - before };
}
