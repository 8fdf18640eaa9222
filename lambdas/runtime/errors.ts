import { ERROR, type ErrorName } from '#lib/contract/error-names.ts';

/** An error that may leave a Lambda: its name is on the closed list that Retry and Catch of the machine match. */
export class SluiceError extends Error {
  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** No retry can help: a wrong input, a missing secret, a refused request. The message says what to change. */
export class Terminal extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.terminal, message, options);
  }
}

/** The source knows only the present and a newer run exists. */
export class NoSnapshot extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.noSnapshot, message, options);
  }
}

/** It may pass by itself: retried as often as the author asked for. */
export class Transient extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.transient, message, options);
  }
}

/** The attempt stopped before its time ended, or must wait for longer than a Lambda should: the next one goes on. */
export class Again extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.again, message, options);
  }
}

/** The task has nothing to do in this run: it is skipped, and trigger rules decide what follows. */
export class Skipped extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.skipped, message, options);
  }
}

/** Begin only: the run waits for a slot. */
export class Busy extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.busy, message, options);
  }
}

/** Begin only: another execution carries this run out, or did. */
export class Duplicate extends SluiceError {
  constructor(message: string, options?: ErrorOptions) {
    super(ERROR.duplicate, message, options);
  }
}

/** Of the closed list, whatever was thrown: what nobody foresaw may pass by itself, and is kept as the cause. */
export function named(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Transient(found, { cause: error });
}
