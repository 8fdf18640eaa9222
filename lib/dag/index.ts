export type { Ref } from '#lib/contract/ref.ts';
export { Dag } from './dag.ts';
export { DagError } from './errors.ts';
export type { Graph, GraphTask } from './graph.ts';
export { type DagOptions, TRIGGER_RULES, type TriggerRule } from './options.ts';
export { and, eq, gt, not, or, text } from './ref.ts';
export type { Task } from './task.ts';
