/**
 * What commands that read runs take, on a history of 10,000 of them, against `sluice --help` in the same run: CPU time of
 * the whole process, where no embedded AWS runs; and the requests that they send to a deployment.
 *
 * usage: node bench/verbs/run.ts
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serveAtRest } from '#local/at-rest.ts';
import { DAG_ID, runBefore, writeHistory } from '../../test/worlds/history.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RUNS = 10_000;
const TIMES = 5;
const MOST = { cpu: 1.5, requests: 5 };
const VERBS = {
  runs: ['runs', DAG_ID],
  status: ['status', DAG_ID],
  'status of a date': ['status', DAG_ID, runBefore(5000)],
  logs: ['logs', DAG_ID, 'latest', 'load'],
} as const;

/** Says on standard error what a process took. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "process.on('exit',()=>{const {user,system}=process.cpuUsage();process.stderr.write('\\nCPU '+(user+system)/1e6)})",
)}`;

const state = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

function cpuSeconds(args: readonly string[]): number {
  const { AWS_ENDPOINT_URL: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['--import', TELL, 'bin/sluice.js', ...args], {
    cwd: ROOT,
    env: { ...env, SLUICE_STATE: state },
    encoding: 'utf8',
  });
  const seconds = Number(/CPU ([\d.]+)$/.exec(stderr)?.[1]);
  if (status !== 0 || Number.isNaN(seconds))
    throw new Error(`sluice ${args.join(' ')} exited with ${status}: ${stderr}`);
  return seconds;
}

/** All in turns, so that what else the machine does meets each alike. */
function medians(commands: Readonly<Record<string, readonly string[]>>): Record<string, number> {
  const taken = Object.fromEntries(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (let time = 0; time < TIMES; time++)
    for (const [name, args] of Object.entries(commands)) taken[name]?.push(cpuSeconds(args));
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0;
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
}

/** Sends what comes on to another server, and counts it. */
async function counting(to: string) {
  const count = { requests: 0 };
  const server = createServer((asked, answer) => {
    if (asked.url !== '/_identity') count.requests++;
    const { method, headers, url } = asked;
    const sent = request(new URL(url ?? '/', to), { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    asked.pipe(sent);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { count, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function requestsOf(args: readonly string[]): Promise<number> {
  const served = await serveAtRest({ assembly: join(state, 'cdk.out'), state });
  if (!served) throw new Error(`Nothing is in ${state}.`);
  const proxy = await counting(served.url);
  const env = { ...process.env, AWS_ENDPOINT_URL: proxy.url, SLUICE_STATE: state };
  const child = spawn(process.execPath, ['bin/sluice.js', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const status = await new Promise((ended) => child.once('close', ended));
  proxy.close();
  await served.close();
  if (status !== 0) throw new Error(`sluice ${args.join(' ')} exited with ${status}.`);
  return proxy.count.requests;
}

try {
  writeHistory(state, RUNS);
  const { help = 0, ...verbs } = medians({ help: ['--help'], ...VERBS });
  console.log(`--help${' '.repeat(14)}${help.toFixed(2)} CPU s`);
  for (const [name, args] of Object.entries(VERBS)) {
    const [cpu, requests] = [(verbs[name] ?? 0) / help, await requestsOf(args)];
    console.log(`${name.padEnd(18)}  ${verbs[name]?.toFixed(2)} CPU s  ratio ${cpu.toFixed(2)}  ${requests} requests`);
    if (cpu > MOST.cpu || requests > MOST.requests) process.exitCode = 1;
  }
} finally {
  rmSync(state, { recursive: true });
}
