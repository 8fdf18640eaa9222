/** All the Lambda code of the app, bundled in one go. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles each entry into one CommonJS file for Node 24.
 *
 * @param entries name → source file, from the project's root
 * @returns name → bundled file
 */
export async function bundle(entries: Readonly<Record<string, string>>, props: { root: string; outdir: string }) {
  mkdirSync(props.outdir, { recursive: true });
  await build({
    entryPoints: entries,
    absWorkingDir: props.root,
    outdir: props.outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return (name: string): string => join(props.outdir, `${name}.js`);
}
