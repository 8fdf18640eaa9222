/** What a task type's function carries in a pipeline: its code, the pipeline's tables, and the files that its tasks name. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PipelineFile } from '#lib/contract/table.ts';
import type { GraphTask } from '#lib/dag/index.ts';

export interface TaskCodeProps extends PipelineFile {
  /** The project's root, which the files' paths begin from. */
  readonly root: string;
  /** The bundled handler of the type, which has its source map beside it. */
  readonly bundle: string;
  /** Those of the type. */
  readonly tasks: readonly GraphTask[];
  /** The directory to fill. */
  readonly outdir: string;
}

/** Fills a directory with a function's code, and gives its path back. */
export function taskCode({ root, bundle, tables, tasks, outdir }: TaskCodeProps): string {
  mkdirSync(outdir, { recursive: true });
  cpSync(bundle, join(outdir, 'index.js'));
  cpSync(`${bundle}.map`, join(outdir, 'index.js.map'));
  writeFileSync(join(outdir, 'pipeline.json'), JSON.stringify({ tables } satisfies PipelineFile));
  for (const file of tasks.flatMap((task) => task.files)) {
    mkdirSync(join(outdir, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(outdir, file));
  }
  return outdir;
}
