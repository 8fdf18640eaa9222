import type { StateSet } from '../definition/machine.ts';
import type { ExecutionRecord } from '../records/execution.ts';
import type { MapRunRecord } from '../records/map-run.ts';

/** An execution that a Map Run is to start. */
export interface ChildStart {
  processor: StateSet;
  /** JSON text. */
  input: string;
  mapRun: MapRunRecord;
  itemCount: number;
}

/** An execution that a Map Run has started. */
export interface Child {
  readonly record: ExecutionRecord;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  stop(failure: { error?: string; cause?: string }): void;
}

/** What a distributed Map needs of the service around its execution. */
export interface Children {
  start(child: ChildStart): Child;
  /** Makes a Map Run known to the API; its record may still change. */
  keep(mapRun: MapRunRecord): void;
}
