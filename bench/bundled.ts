/** Scripts of benchmarks as a Lambda has them. */
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** Lambda's settings of Node's memory in a function of 512 MB. */
export const AS_IN_LAMBDA = ['--max-semi-space-size=25', '--max-old-space-size=460'];

/**
 * Bundles a script: what a task imports when it needs it stays apart.
 * @returns its path in the folder
 */
export async function bundle(script: string, outdir: string): Promise<string> {
  await build({
    entryPoints: [script],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return join(outdir, basename(script).replace(/\.ts$/, '.mjs'));
}
