/** What the caller of an API operation did wrong; `name` is the AWS error code. */
export class ApiError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Who may handle a failure: every matching handler, only one that names it, or none. */
type Reach = 'any' | 'by name' | 'none';

interface FailureOptions {
  /** Where in the state a query failed, e.g. `Output/total`: makes an EvaluationFailed event. */
  location?: string;
  reach?: Reach;
  /** Another name under which handlers know the failure. */
  alias?: string;
}

/** A state failed. Retry and Catch see it by `error`; unhandled, it fails the execution with `error` and `cause`. */
export class StateFailure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  readonly location: string | undefined;
  readonly reach: Reach;
  readonly alias: string | undefined;

  constructor(error: string | undefined, cause: string | undefined, options: FailureOptions = {}) {
    super(`${error ?? 'a failure without a name'}: ${cause ?? 'no cause given'}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
    this.location = options.location;
    this.alias = options.alias;
    this.reach = error === 'States.Runtime' ? 'none' : (options.reach ?? 'any');
  }
}

/** The failure as the state around the failed one sees it: no longer a query of its own, nor its own Task's. */
export const outward = ({ error, cause, reach, alias }: StateFailure): StateFailure =>
  new StateFailure(error, cause, { reach, ...(alias !== undefined && { alias }) });

/** A Task's own work failed, as opposed to a query of its state or a Fail state. */
export class TaskFailure extends StateFailure {
  override readonly name = 'TaskFailure';
}

/** A sibling failed or the execution ended: unwinds a branch, never handled. */
export class Aborted extends Error {
  constructor() {
    super('This part of the execution was aborted.');
    this.name = 'Aborted';
  }
}

/** One for everything that is over anyway: making an error each time would cost more than the work itself. */
export const OVER = new Aborted();
