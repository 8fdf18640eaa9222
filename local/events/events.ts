/** Hands events to the targets of the rules that match, and lets a schedule's tick happen when it is asked for. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../machine/account.ts';
import { EmbeddedAwsError } from '../machine/errors.ts';
import { InFlight } from '../machine/in-flight.ts';
import { matches } from './pattern.ts';
import type { Rule, Target } from './rules.ts';
import { inputFor } from './target-input.ts';

/** Gives JSON to the resource of that ARN; rejects when it does not take it. */
type Deliver = (arn: string, payload: string) => Promise<void>;

interface Happened {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly time: Date;
  readonly detail: object;
}

export class Events {
  readonly #rules = new Map<string, Rule>();
  readonly #inFlight = new InFlight();
  readonly #deliver: Deliver;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /** Creates a rule, or replaces the one of its name. */
  put(rule: Rule): void {
    this.#rules.set(rule.name, rule);
  }

  /** Deletes the rules of all other names. */
  retain(names: ReadonlySet<string>): void {
    for (const name of this.#rules.keys()) if (!names.has(name)) this.#rules.delete(name);
  }

  get rules(): readonly Rule[] {
    return [...this.#rules.values()];
  }

  /** Delivers to every matching rule's targets; `drain` waits for it. */
  publish(happened: Happened): void {
    const event = envelopeOf(happened);
    for (const rule of this.#rules.values()) {
      if (rule.enabled && rule.pattern && matches(rule.pattern, event)) this.#send(rule, event);
    }
  }

  /**
   * Lets the tick of a schedule happen, whatever its state and the clock.
   *
   * @param time of the tick
   * @throws EmbeddedAwsError when there is no such schedule
   */
  fire(name: string, time: Date): void {
    const rule = this.#rules.get(name);
    if (!rule?.schedule) {
      const known = this.rules.filter(({ schedule }) => schedule).map((scheduled) => scheduled.name);
      throw new EmbeddedAwsError(`There is no schedule ${name}. There is ${known.join(', ') || 'none'}.`);
    }
    const event = envelopeOf({
      source: 'aws.events',
      detailType: 'Scheduled Event',
      resources: [rule.arn],
      time,
      detail: {},
    });
    this.#send({ ...rule, targets: rule.targets.map((target) => atTime(target, time)) }, event);
  }

  async drain(): Promise<void> {
    await this.#inFlight.drain();
  }

  #send(rule: Rule, event: object): void {
    for (const target of rule.targets) this.#inFlight.add(this.#sendTo(target, rule, event));
  }

  async #sendTo(target: Target, rule: Rule, event: object): Promise<void> {
    const payload = inputFor(target, event);
    try {
      await this.#deliver(target.Arn, payload);
    } catch (error) {
      console.error(`The rule ${rule.name} could not deliver to ${target.Arn}: ${(error as Error).message}`);
      if (target.DeadLetterConfig) await this.#deliver(target.DeadLetterConfig.Arn, payload);
    }
  }
}

const envelopeOf = ({ source, detailType, resources, time, detail }: Happened): object => ({
  version: '0',
  id: randomUUID(),
  'detail-type': detailType,
  source,
  account: ACCOUNT,
  time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
  region: REGION,
  resources,
  detail,
});

/** EventBridge Scheduler's own placeholders stand in the input itself. */
function atTime(target: Target, time: Date): Target {
  const instant = time.toISOString().replace(/\.\d+Z$/, 'Z');
  const Input = target.Input?.replaceAll('<aws.scheduler.scheduled-time>', instant)
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
  return Input === undefined ? target : { ...target, Input };
}
