import type { Clock } from '../clock.ts';
import type { StateSet } from '../definition/machine.ts';
import type { EventContent } from '../history/events.ts';
import type { History } from '../history/history.ts';
import type { JsonObject, Written } from '../json.ts';
import type { OpenCallback } from './callback.ts';
import type { Children } from './children.ts';
import type { Invoke } from './invoke.ts';
import type { Objects } from './objects.ts';
import { Variables } from './variables.ts';

/** What all lines of control of one execution have in common. */
export interface Surroundings {
  readonly clock: Clock;
  readonly history: History;
  readonly invoke: Invoke;
  readonly objects: Objects;
  readonly children: Children;
  readonly openCallback: OpenCallback;
  readonly region: string;
  /** The Execution and StateMachine parts of the context object. */
  readonly context: { Execution: JsonObject; StateMachine: JsonObject };
  /** Runs a set of states to its end and gives its output; here so that Parallel and Map need not import it. */
  readonly runStates: (frame: Frame, set: StateSet, input: Written) => Promise<Written>;
}

interface FrameOptions {
  signal: AbortSignal;
  variables?: Variables;
  mapItem?: JsonObject | undefined;
  previousEventId?: number;
}

/** One line of control: the machine itself, a branch of a Parallel, an iteration of a Map. */
export class Frame {
  readonly execution: Surroundings;
  readonly signal: AbortSignal;
  readonly variables: Variables;
  /** The Map.Item part of the context object, inside a Map. */
  readonly mapItem: JsonObject | undefined;
  /** The event that the next event of this line follows. */
  previousEventId: number;

  constructor(execution: Surroundings, options: FrameOptions) {
    this.execution = execution;
    this.signal = options.signal;
    this.variables = options.variables ?? new Variables();
    this.mapItem = options.mapItem;
    this.previousEventId = options.previousEventId ?? 0;
  }

  /** A line of control inside a state of this one, with a scope of its own. */
  inner(signal: AbortSignal, mapItem = this.mapItem): Frame {
    const { previousEventId } = this;
    return new Frame(this.execution, { signal, mapItem, previousEventId, variables: new Variables(this.variables) });
  }

  /** Adds an event to the history and returns its id. */
  record(type: string, content?: EventContent): number {
    this.previousEventId = this.execution.history.add(type, this.previousEventId, content);
    return this.previousEventId;
  }

  /** Adds the event of something that was aborted; where the history is full there is nothing to tell any more. */
  recordAborted(type: string, content?: EventContent): void {
    if (!this.execution.history.full) this.record(type, content);
  }
}
