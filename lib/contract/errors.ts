import { ERROR, type ErrorName } from '#lib/contract/error-names.ts';
import type { Absence } from './extracted.ts';

/** An error that may leave a Lambda: its name is on the closed list that Retry and Catch of the machine match. */
export abstract class SluiceError extends Error {
  abstract override readonly name: ErrorName;
}

/** No retry can help: a wrong input, a missing secret, a refused request. The message says what to change. */
export class Terminal extends SluiceError {
  override readonly name = ERROR.terminal;
}

/** The source does not have what it is asked for. A list that was to go on from what is known of it may begin anew. */
export class NotThere extends Terminal {}

/** A list among many that the source has not, which fails no run: its extract is skipped. */
export class ListAbsent extends NotThere {
  /** What earlier runs had of it goes, where it is asked for as a whole. */
  readonly isForGood: boolean;
  readonly absence: Absence;

  constructor(absence: Absence, isForGood: boolean) {
    super(`GET ${absence.url}: ${absence.status}: ${absence.reason}`);
    this.absence = absence;
    this.isForGood = isForGood;
  }
}

/** The source knows only the present and a newer run exists. */
export class NoSnapshot extends SluiceError {
  override readonly name = ERROR.noSnapshot;
}

/** It may pass by itself: retried as often as the author asked for. */
export class Transient extends SluiceError {
  override readonly name = ERROR.transient;
}

/** A list changed while it was read page by page: what came is not its state at any time. Read anew, it may be. */
export class ChangedMeanwhile extends Transient {}

/** The attempt stopped before its time ended, or must wait for longer than a Lambda should: the next one goes on. */
export class Again extends SluiceError {
  override readonly name = ERROR.again;
}

/** The task has nothing to do in this run: it is skipped, and trigger rules decide what follows. */
export class Skipped extends SluiceError {
  override readonly name = ERROR.skipped;
}

/** A sensor's: what it waits for is not there yet. The message says what it looked for, and what it found. */
export class NotReady extends SluiceError {
  override readonly name = ERROR.notReady;
}

/** A sensor's: its time is up. */
export class SensorTimeout extends SluiceError {
  override readonly name = ERROR.sensorTimeout;
}

/** Begin only: the run waits for a slot. */
export class Busy extends SluiceError {
  override readonly name = ERROR.busy;
}

/** Begin only: another execution carries this run out, or did; or a schedule ticks outside its days, or in a pause. */
export class Duplicate extends SluiceError {
  override readonly name = ERROR.duplicate;
}

/** Of the closed list, whatever was thrown: what nobody foresaw may pass by itself, and is kept as the cause. */
export function named(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Transient(found, { cause: error });
}
