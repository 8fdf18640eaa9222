/** All the Lambda code of the app, bundled in one go. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type BuildFailure, build } from 'esbuild';
import { AppError } from '../errors.ts';

/**
 * Bundles each entry into one CommonJS file for Node 24, with its source map beside it (`<file>.map`).
 *
 * @param entries name → source file, from the project's root
 * @returns name → bundled file; it throws AppError with file and line for an entry whose code does not bundle
 */
export async function bundle(entries: Readonly<Record<string, string>>, props: Props) {
  mkdirSync(props.outdir, { recursive: true });
  const wrong = new Map<string, string>();
  if ((await problemsOf(entries, props)).length > 0) {
    // One that does not bundle leaves none: each alone, it is known which.
    for (const [name, file] of Object.entries(entries)) {
      const problems = await problemsOf({ [name]: file }, props);
      if (problems.length > 0) wrong.set(name, `Bundling ${file}: ${problems.join('; ')}`);
    }
  }
  for (const name of Object.keys(entries))
    if (!wrong.has(name)) nameSources(join(props.outdir, `${name}.js.map`), props);
  return (name: string): string => {
    const problem = wrong.get(name);
    if (problem !== undefined) throw new AppError(problem);
    return join(props.outdir, `${name}.js`);
  };
}

interface Props {
  readonly root: string;
  readonly outdir: string;
}

async function problemsOf(entryPoints: Readonly<Record<string, string>>, { root, outdir }: Props): Promise<string[]> {
  try {
    await build({
      entryPoints,
      absWorkingDir: root,
      outdir,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minify: true,
      legalComments: 'none',
      // Nothing in the bundle leads to the map, so a cold start does not read it.
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
    });
    return [];
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error.errors.map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text));
  }
}

/** Names the sources of a map from the project's root, so that it is the same wherever it was made. */
function nameSources(file: string, { root }: Props): void {
  const map: { sources: string[] } = JSON.parse(readFileSync(file, 'utf8'));
  const sources = map.sources.map((source) => relative(root, resolve(file, '..', source)));
  writeFileSync(file, JSON.stringify({ ...map, sources }));
}

const isFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error;
