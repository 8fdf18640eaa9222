/** The code of every function of the app, each in a directory of its own. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '#lib/constructs/functions/bundles.ts';
import { taskCode } from '#lib/constructs/functions/task-code.ts';
import type { PipelineFile } from '#lib/contract/table.ts';
import type { Graph } from '#lib/dag/index.ts';
import { typesOf } from './pipeline-stack.ts';

/** The project's. */
export const ROOT = join(import.meta.dirname, '../..');

const PLATFORM_ENTRIES = {
  begin: 'lambdas/run/begin.ts',
  end: 'lambdas/run/end.ts',
  warehouseUser: 'lambdas/platform/warehouse-user/handler.ts',
  auroraUser: 'lambdas/platform/aurora-user/handler.ts',
  usageLimit: 'lambdas/platform/usage-limit/handler.ts',
} as const;
type PlatformFunction = keyof typeof PLATFORM_ENTRIES;

export interface PipelineSource extends PipelineFile {
  readonly graph: Graph;
}

/**
 * Bundles the functions of the platform and of the pipelines.
 *
 * @param outdir emptied first
 * @returns where each function's code lies
 */
export async function functionCode(pipelines: readonly PipelineSource[], outdir: string) {
  rmSync(outdir, { recursive: true, force: true });
  const types = [...new Set(pipelines.flatMap(({ graph }) => typesOf(graph)))];
  const handlers = types.map((type) => [`tasks/${type}`, `lambdas/tasks/${type}/handler.ts`]);
  const bundled = await bundle({ ...PLATFORM_ENTRIES, ...Object.fromEntries(handlers) }, { root: ROOT, outdir });
  const platform = (name: PlatformFunction) => alone(bundled(name), join(outdir, 'platform', name));
  return {
    platform: {
      begin: platform('begin'),
      end: platform('end'),
      warehouseUser: platform('warehouseUser'),
      auroraUser: platform('auroraUser'),
      usageLimit: platform('usageLimit'),
    },
    pipeline:
      ({ graph, tables }: PipelineSource) =>
      (type: string): string =>
        taskCode({
          root: ROOT,
          bundle: bundled(`tasks/${type}`),
          tables,
          tasks: graph.tasks.filter((task) => task.type === type),
          outdir: join(outdir, graph.id, type),
        }),
  };
}

function alone(file: string, directory: string): string {
  mkdirSync(directory, { recursive: true });
  renameSync(file, join(directory, 'index.js'));
  renameSync(`${file}.map`, join(directory, 'index.js.map'));
  return directory;
}
