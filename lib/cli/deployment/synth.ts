import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPipelines } from '#lib/pipelines/load.ts';
import { UsageError } from '../errors.ts';
import { ASSEMBLY } from './place.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** All that an assembly is made of. */
const SOURCES = ['{lib,lambdas,sql}/**/*.{ts,sql,sh,json}', 'package-lock.json', 'tsconfig.json'];
const BROKEN = resolve(ASSEMBLY, 'broken.json');
/** Of the sources that the assembly was made of. */
const DIGEST = resolve(ASSEMBLY, 'sources.sha256');

/**
 * Synthesizes the app for the embedded AWS, unless it is as it was the last time.
 * @throws UsageError with what the app said, where it cannot be (a wrong DAG, a SQL file's parameters)
 */
export async function synthesize(): Promise<void> {
  const digest = digestOfSources();
  if (existsSync(DIGEST) && readFileSync(DIGEST, 'utf8') === digest) return;
  // Until it is whole again, it is of no sources.
  rmSync(DIGEST, { force: true });
  const app = await import('#lib/stacks/index.ts');
  const { pipelines, broken } = await loadPipelines();
  const wrong: Record<string, string> = { ...broken };
  const onBroken = (pipeline: string, problem: string) => {
    wrong[pipeline] = problem;
  };
  try {
    await app.synthesize({ outdir: ASSEMBLY, pipelines, onBroken, isHere: true });
  } catch (error) {
    if (app.isAuthors(error)) throw new UsageError(error.message);
    throw error;
  }
  writeFileSync(BROKEN, JSON.stringify(wrong));
  writeFileSync(DIGEST, digest);
}

/** The pipelines that the last synthesis left out, with what is wrong with each. */
export const brokenPipelines = (): Readonly<Record<string, string>> =>
  existsSync(BROKEN) ? JSON.parse(readFileSync(BROKEN, 'utf8')) : {};

/** @throws UsageError where the last synthesis left the pipeline out */
export function refuseBroken(kind: 'embedded' | 'attached' | 'aws', pipeline: string): void {
  const problem = kind === 'aws' ? undefined : brokenPipelines()[pipeline];
  if (problem !== undefined) throw new UsageError(`The pipeline '${pipeline}' is broken: ${problem}`);
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(resolve(ROOT, file)));
  }
  return hash.digest('hex');
}
