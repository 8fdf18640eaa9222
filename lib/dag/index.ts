export type { Ref } from '#lib/contract/ref.ts';
export { Dag } from './dag.ts';
export { DagError } from './errors.ts';
export type { Graph, GraphTask } from './graph.ts';
export type { DagOptions } from './options.ts';
export { text } from './ref.ts';
export { checkSql } from './sql.ts';
