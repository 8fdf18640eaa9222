/**
 * What a newcomer waits for: the first run with nothing there, the second, and `npx cdk synth`; each as a whole process,
 * against one that only imports the CDK's library, in the same run.
 *
 * usage: node bench/start/run.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const state = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

function seconds(command: string, ...args: string[]): number {
  const env = { ...process.env, SLUICE_STATE: state };
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

try {
  const base = seconds(process.execPath, '-e', "import('aws-cdk-lib')");
  const show = (name: string, time: number) =>
    console.log(`${name.padEnd(32)} ${time.toFixed(1).padStart(5)} s  ratio ${(time / base).toFixed(1)}`);
  show('importing aws-cdk-lib alone', base);
  const run = ['bin/sluice.js', 'run', 'github-to-redshift'];
  show('sluice run, the first', seconds(process.execPath, ...run));
  show('sluice run, the second', seconds(process.execPath, ...run));
  show('cdk synth, with its checks', seconds('npx', 'cdk', 'synth', '--quiet', '--output', join(state, 'synth')));
} finally {
  rmSync(state, { recursive: true });
}
