/** The door for authors: all that a pipeline, a task type's contract and `sluice.config.ts` are written with. */
export { type Config, defineConfig } from '#lib/contract/config.ts';
export type { Facts, PipelineFacts } from '#lib/contract/facts.ts';
export {
  type Connection,
  connection,
  type Dataset,
  dataset,
  datasets,
  type Location,
  location,
  type OtherPipeline,
  otherPipeline,
  projectFile,
  warehouse,
} from '#lib/contract/fields.ts';
export { objects, pipeline, published, raw, table, use } from '#lib/contract/names.ts';
export { isLater, type Ref } from '#lib/contract/ref.ts';
export { arnOf, eventRuleRight, executionsOf, machineOf, passRight, type Right } from '#lib/contract/rights.ts';
export type { Table } from '#lib/contract/table.ts';
export { jobType, taskType } from '#lib/contract/task-type.ts';
export { and, Dag, DagError, type DagOptions, eq, gt, not, or, type TriggerRule, text } from '#lib/dag/index.ts';
export { type Duration, duration } from '#lib/time/duration.ts';
