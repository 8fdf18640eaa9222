import type { Results, State } from '../definition/machine.ts';
import { StateFailure } from '../errors.ts';
import { bytesOf, type Json, type JsonObject, typeName, type Written, written } from '../json.ts';
import { evaluateExpression, expressionIn, QueryError } from '../jsonata/expression.ts';
import { fillTemplate } from '../jsonata/template.ts';
import { LIMITS } from '../limits.ts';
import type { Frame } from './frame.ts';

/** What an expression sees beside the state's input. */
export interface Visible {
  result?: Json;
  errorOutput?: Json;
}

/** How a state ended: where control goes, with which data. No `next` ends the line of control. */
export interface Outcome {
  output: Written;
  assigned: Record<string, Json>;
  next: string | undefined;
}

/** One entering of one state: its input, its attempts, and the reading of its JSONata fields. */
export class Activation<S extends State = State> {
  readonly frame: Frame;
  readonly name: string;
  readonly state: S;
  readonly given: Written;
  readonly enteredEventId: number;
  /** Retries so far. */
  retryCount = 0;
  /** Of the attempt under way, where it waits for a callback. */
  taskToken: string | undefined;
  readonly #entered: Date;

  constructor(frame: Frame, named: { name: string; state: S }, entered: { input: Written; eventId: number }) {
    this.frame = frame;
    this.name = named.name;
    this.state = named.state;
    this.given = entered.input;
    this.enteredEventId = entered.eventId;
    this.#entered = frame.execution.clock.now();
  }

  get input(): Json {
    return this.given.value;
  }

  /** The context object as it is now. */
  context(mapItem = this.frame.mapItem): JsonObject {
    return {
      ...this.frame.execution.context,
      State: { Name: this.name, EnteredTime: this.#entered.toISOString(), RetryCount: this.retryCount },
      ...(mapItem && { Map: { Item: mapItem } }),
      ...(this.taskToken !== undefined && { Task: { Token: this.taskToken } }),
    };
  }

  /** The value of a field, its expressions evaluated. */
  value(template: Json, field: string, visible: Visible & { mapItem?: JsonObject } = {}): Promise<Json> {
    const { mapItem, ...rest } = visible;
    let variables: Record<string, Json> | undefined;
    return fillTemplate(template, field, async (source, location) => {
      variables ??= {
        ...this.frame.variables.visible(),
        states: { input: this.input, ...rest, context: this.context(mapItem) },
      };
      try {
        return await evaluateExpression(source, variables, this.frame.execution.clock.now());
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        throw this.queryFailure(
          location,
          `The JSONata expression '${source}' specified for the field '${location}' ${error.message}`,
        );
      }
    });
  }

  /** The value of a field that is handed to a task, a branch or an iteration. */
  async payload(template: Json, field: string, visible: { mapItem?: JsonObject } = {}): Promise<Written> {
    const payload = written(await this.value(template, field, visible));
    const bytes = bytesOf(payload.json);
    if (bytes <= LIMITS.payloadBytes) return payload;
    const cause = this.cause(`The field '${field}' came out with ${bytes} bytes; the limit is ${LIMITS.payloadBytes}.`);
    throw new StateFailure('States.DataLimitExceeded', cause, { reach: 'by name' });
  }

  /** The value of a field that must come out as one type. */
  async typed<T extends Json>(template: Json, field: string, type: string): Promise<T> {
    const value = await this.value(template, field);
    if (typeName(value) === type) return value as T;
    const source = typeof template === 'string' ? expressionIn(template) : undefined;
    const subject =
      source === undefined
        ? `The field '${field}'`
        : `The JSONata expression '${source}' specified for the field '${field}'`;
    throw this.queryFailure(
      field,
      `${subject} returned an unexpected result type. Expected '${type}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    );
  }

  /** A whole number in [least, most] from a field of the state; undefined where the field is absent. */
  integer(field: keyof S & string, range: [number, number]): Promise<number | undefined> {
    return this.wholeNumber({ template: this.state[field] as Json | undefined, field }, range);
  }

  /** A whole number in [least, most], given as a number or an expression; undefined where there is none. */
  async wholeNumber(
    { template, field }: { template: Json | undefined; field: string },
    [least, most]: [number, number],
  ): Promise<number | undefined> {
    if (template === undefined) return undefined;
    const number = await this.typed<number>(template, field, 'number');
    if (!Number.isInteger(number))
      throw this.queryFailure(field, `The ${field} field cannot be parsed as an integer: ${number}`);
    if (number >= least && number <= most) return number;
    throw this.queryFailure(field, `${field} must be between ${least} and ${most} but was: ${number}`);
  }

  /** Ends the state: evaluates Assign and Output of the state, choice rule or catcher that was taken. */
  async complete(
    { Assign, Output }: Results,
    { next, fallback, at = '', ...visible }: Visible & { next: string | undefined; fallback: Written; at?: string },
  ): Promise<Outcome> {
    const assigned = Assign ? ((await this.value(Assign, `${at}Assign`, visible)) as Record<string, Json>) : {};
    const output = Output === undefined ? fallback : written(await this.value(Output, `${at}Output`, visible));
    if (bytesOf(output.json) > LIMITS.payloadBytes) throw this.tooLarge(this.name, 'by name');
    return { output, assigned, next };
  }

  tooLarge(what: string, reach: 'any' | 'by name'): StateFailure {
    const cause = `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    return new StateFailure('States.DataLimitExceeded', cause, { reach });
  }

  queryFailure(location: string, reason: string): StateFailure {
    return new StateFailure('States.QueryEvaluationError', this.cause(reason), { location });
  }

  /** A cause in AWS's wording, naming the state and its entering event. */
  cause(reason: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredEventId}). ${reason}`;
  }
}
