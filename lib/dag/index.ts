export type { Ref } from '#lib/contract/ref.ts';
export { Dag } from './dag.ts';
export { DagError } from './errors.ts';
export { checkFiles, fileOf } from './files.ts';
export type { Graph, GraphTask } from './graph.ts';
export { checkLoads } from './loads.ts';
export type { DagOptions, TriggerRule } from './options.ts';
export { and, eq, gt, not, or, text } from './ref.ts';
