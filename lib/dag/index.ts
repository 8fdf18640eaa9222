export type { Ref } from '#lib/contract/ref.ts';
export { Dag } from './dag.ts';
export { DagError } from './errors.ts';
export type { Graph, GraphTask } from './graph.ts';
export type { DagOptions, TriggerRule } from './options.ts';
export { and, eq, gt, not, or, text } from './ref.ts';
