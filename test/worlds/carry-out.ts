/** A DAG's tasks carried out by their handlers, one after the other, as its machine does where nothing fails. */
import type { Run } from '#lib/contract/envelope.ts';
import type { Graph } from '#lib/dag/index.ts';
import { handler as githubRepositories } from '#tasks/github-repositories/handler.ts';
import { handler as githubRepositoryToS3 } from '#tasks/github-repository-to-s3/handler.ts';
import { handler as githubToS3 } from '#tasks/github-to-s3/handler.ts';
import { handler as restToS3 } from '#tasks/rest-to-s3/handler.ts';
import { handler as s3ToWarehouse } from '#tasks/s3-to-warehouse/handler.ts';
import { handler as warehouseSql } from '#tasks/warehouse-sql/handler.ts';
import { handler as warehouseWatermark } from '#tasks/warehouse-watermark/handler.ts';

const HANDLERS: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
  'github-repositories': githubRepositories,
  'github-repository-to-s3': githubRepositoryToS3,
  'github-to-s3': githubToS3,
  'warehouse-sql': warehouseSql,
  'warehouse-watermark': warehouseWatermark,
  'rest-to-s3': restToS3,
  's3-to-warehouse': s3ToWarehouse,
};

/** What references read from, by the root's id. */
type Values = Readonly<Record<string, unknown>>;

/** @returns each task's output by its id, a mapped one's as the list of its items' */
export async function carryOut({ params, tasks }: Graph, run: Run): Promise<Values> {
  const values: Record<string, unknown> = { '@run': run, '@params': { ...params, ...run.params } };
  for (const { id, type, map, input } of tasks) {
    if (type === null) continue;
    const attempt = (given: Values, index?: number) =>
      HANDLERS[type]?.({
        run,
        task: { id, attempt: 1, ...(index !== undefined && { index }) },
        input: resolved(input, given),
      });
    if (!map) values[id] = await attempt(values);
    else {
      const outputs: unknown[] = [];
      for (const [index, item] of (resolved(map.over, values) as unknown[]).entries()) {
        outputs.push(await attempt({ ...values, '@item': item }, index));
      }
      values[id] = outputs;
    }
  }
  return values;
}

function resolved(value: unknown, from: Values): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) {
    const path = value.$ref as readonly string[];
    return path.reduce<unknown>((of, key) => (of as Values | undefined)?.[key], from);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, from));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, resolved(field, from)]));
}
