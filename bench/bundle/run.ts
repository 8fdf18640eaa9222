/**
 * The weight of each task's bundle, and how long a process takes to import it, against the S3 client alone, bundled the
 * same way and imported in turn with it: median of the ratios.
 *
 * usage: node bench/bundle/run.ts [--runs 15]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '#lib/constructs/functions/bundles.ts';
import { loadPipelines } from '#lib/pipelines/load.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const root = resolve(import.meta.dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const { pipelines } = await loadPipelines();
const types = new Set(
  Object.values(pipelines).flatMap(({ dag }) => dag.graph().tasks.flatMap(({ type }) => type ?? [])),
);

const CLIENT = 's3-client-alone';
const client = join(outdir, `${CLIENT}.entry.js`);
writeFileSync(client, `export { S3Client } from '${join(root, 'node_modules/@aws-sdk/client-s3')}';`);
const entries = [...types].map((type) => [type, `lambdas/tasks/${type}/handler.ts`]);
const bundled = await bundle({ ...Object.fromEntries(entries), [CLIENT]: client }, { root, outdir });
writeFileSync(join(outdir, 'package.json'), '{"type": "commonjs"}');

const ENVIRONMENT = { AWS_REGION: 'us-east-1', SLUICE_BUCKET: 'bench', POWERTOOLS_SERVICE_NAME: 'bench' };
const TIMED = `const t = process.hrtime.bigint(); require(process.argv[1]); console.log(Number(process.hrtime.bigint() - t))`;

/** Milliseconds of one import in a process of its own. */
function imported(name: string): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', TIMED, bundled(name)], { env: ENVIRONMENT });
  if (status !== 0) throw new Error(`Importing ${name}: ${stderr}`);
  return Number(String(stdout).trim().split('\n').at(-1)) / 1e6;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

console.log('bundle                kB   import ms   ratio to the S3 client alone');
for (const type of types) {
  const pairs = Array.from({ length: Number(values.runs) }, () => [imported(type), imported(CLIENT)] as const);
  const ratio = median(pairs.map(([ours, theirs]) => ours / theirs));
  const kilobytes = (statSync(bundled(type)).size / 1000).toFixed(0);
  const ms = median(pairs.map(([ours]) => ours)).toFixed(1);
  console.log(`${type.padEnd(20)} ${kilobytes.padStart(4)} ${ms.padStart(11)}   ${ratio.toFixed(2)}`);
}
rmSync(outdir, { recursive: true });
