/**
 * From sequences and forks to states. Every way out of a state goes on to the next one at which something runs or must
 * be decided, past all tasks that by then are known not to run; so a Choice stands only where a decision is open.
 */

import type { TaskStatus } from '#lib/contract/task-status.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { decides } from './condition.ts';
import type { Distribution } from './distribution.ts';
import { IdleWays } from './idle-ways.ts';
import { embed, literal } from './jsonata.ts';
import { mapState } from './map-state.ts';
import { arrive, idleAfter, isEmpty, isOpen, type Place, placeOf, recordedOf } from './place.ts';
import type { Decision, Numbered, Possible } from './possible.ts';
import { type Element, type Fork, isFork, tasksOf } from './series-parallel.ts';
import {
  againName,
  againState,
  type Branch,
  choiceState,
  forkState,
  isNative,
  passState,
  type State,
  taskState,
} from './state.ts';
import type { Readable, Variables } from './variables.ts';
import { type Recorded, recorded, type Statuses, type Way } from './way.ts';

/** What all of a machine's states are made with. */
export interface Parts {
  readonly variables: Variables;
  readonly statuses: Statuses;
  readonly tasks: Numbered;
  readonly functionArn: (taskType: string) => string;
  readonly machineArn: (pipeline: string) => string;
  readonly distribution: Distribution;
  /** Forks so far. */
  forks: number;
}

/** Where a sequence stands. */
export interface Scope {
  readonly readable: Readable;
  /** Gives the state at the end, for a way on which this is known. */
  readonly end: (possible: Possible) => () => string;
  /** The state to which a failure leads, where the first of them ends the run. */
  readonly stop: (() => string) | undefined;
  /** Is told of each task outside of the sequence whose status is asked for. */
  readonly onRead: (taskId: string) => void;
}

export class Sequence {
  readonly #places: readonly Place[];
  readonly #scope: Scope;
  readonly #parts: Parts;
  readonly #own: ReadonlySet<string>;
  readonly #idle: IdleWays;
  readonly #states: [string, () => State][] = [];

  constructor(elements: readonly Element[], scope: Scope, parts: Parts) {
    this.#places = elements.map(placeOf);
    this.#idle = new IdleWays(this.#places, parts.tasks);
    this.#scope = scope;
    this.#parts = parts;
    this.#own = new Set(this.#places.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
  }

  /** Makes all states, for a sequence that begins with this known. */
  walk(possible: Possible): { readonly entry: Way; readonly states: () => Record<string, State> } {
    const entry = this.#from(0, possible);
    for (const [at, place] of this.#places.entries()) {
      if (isEmpty(place.element) && place.gate) place.gate = place.gate.or(place.state);
      if (place.gate) this.#decide(at, place, place.gate);
      if (place.state && !(isEmpty(place.element) && place.gate)) this.#run(at, place, place.state);
    }
    return { entry, states: () => Object.fromEntries(this.#states.map(([name, state]) => [name, state()])) };
  }

  /** The name that a Choice behind the last element has, if it is one whose end is open. */
  nameBehind(at = this.#places.length): string | undefined {
    const before = this.#places[at - 1];
    if (!before) return undefined;
    if (isFork(before.element)) return before.stateName?.replace('Fork', 'Join');
    return before.element.map ? `Join of ${before.element.id}` : undefined;
  }

  /** The way on from an element, past all that does not run. */
  #from(start: number, possible: Possible, settled: Recorded = []): Way {
    const known = possible.copy();
    const { at, statuses } = this.#idle.from(start, known);
    const place = this.#places[at];
    return { to: place ? arrive(place, known) : this.#scope.end(known), statuses: [...settled, ...statuses] };
  }

  /** The Choice in front of an element. An `empty` task is that Choice itself. */
  #decide(at: number, place: Place, known: Possible): void {
    const [task] = place.heads;
    if (!task || !isOpen(place, known)) {
      place.state = known.or(place.state);
      place.gateName = this.#nameOf(place);
      return;
    }
    const asked = { possible: known, read: this.#reader(), onRead: this.#onRead };
    const choices = known.decisions(task).map((decision) => ({
      condition: decision === 'skipped' ? '' : decides(task, decision, asked),
      way: decision === 'run' ? this.#into(at, known.after(task, 'run')) : this.#past(at, known, decision),
    }));
    const name = isEmpty(place.element)
      ? task.id
      : (this.nameBehind(at) ?? `${isFork(place.element) ? this.#nameOf(place) : task.id}?`);
    place.gateName = name;
    if (isEmpty(place.element)) place.stateName = name;
    this.#states.push([name, () => choiceState(choices, this.#parts.statuses)]);
  }

  /** Where an element is found to run. An `empty` task has run by that. */
  #into(at: number, known: Possible): Way {
    const place = this.#places[at] as Place;
    const { element } = place;
    if (isEmpty(element)) {
      return this.#from(at + 1, known.set(element, 'success'), recorded(known.number(element), 'success'));
    }
    place.state = known.or(place.state);
    return { to: () => this.#nameOf(place), statuses: [] };
  }

  /** Where an element is found not to run. */
  #past(at: number, known: Possible, decision: Exclude<Decision, 'run'>): Way {
    const { tasks, heads } = this.#places[at] as Place;
    const next = known.after(heads[0] as GraphTask, decision);
    const idle = idleAfter({ tasks, heads }, next, decision) ?? [];
    return this.#from(at + 1, next, recordedOf(idle, next));
  }

  #run(at: number, place: Place, known: Possible): void {
    const { element } = place;
    const name = this.#nameOf(place);
    if (isFork(element)) {
      this.#fork(at, place, element);
      return;
    }
    if (element.type === null) {
      const way = this.#into(at, known);
      this.#states.push([name, () => passState(way, this.#parts.statuses)]);
      return;
    }
    const { variables, functionArn, machineArn, statuses, distribution } = this.#parts;
    const read = this.#reader();
    const variable =
      variables.isTaken(element) || isNative(element) ? variables.assign(element, this.#scope.readable) : undefined;
    const ways = this.#waysFrom(at, element, known);
    const placed = {
      functionArn: element.job ? '' : functionArn(element.type),
      machineArn,
      read,
      variable,
      statuses,
      ...ways,
    };
    const { map } = element;
    const isStopped = this.#scope.stop !== undefined;
    const made = map
      ? () => mapState({ ...element, map }, { ...placed, isStopped, distribution })
      : () => taskState(element, { ...placed, listed: distribution.listedOf(element) });
    if (isNative(element)) this.#states.push([name, () => againState(element, placed)]);
    this.#states.push([element.id, made]);
  }

  /** Where the ends lead to which a task can come. What a mapped task came to is asked behind it. */
  #waysFrom(at: number, task: GraphTask, known: Possible): Record<'success' | 'skipped' | 'failed', Way> {
    const { stop } = this.#scope;
    const ended = (...status: TaskStatus[]) => known.copy().set(task, ...status);
    const by = (status: TaskStatus) => this.#from(at + 1, ended(status), recorded(known.number(task), status));
    const failed = stop ? { to: stop, statuses: recorded(known.number(task), 'failed') } : by('failed');
    if (!task.map) return { success: by('success'), skipped: by('skipped'), failed };
    const way = this.#from(at + 1, stop ? ended('success', 'skipped') : ended('success', 'failed', 'skipped'));
    return { success: way, skipped: way, failed };
  }

  #fork(at: number, place: Place, { branches }: Fork): void {
    const { variables, statuses } = this.#parts;
    const name = this.#nameOf(place);
    const asked = new Set<string>();
    const known = (place.state as Possible).copy();
    const settled: Recorded[] = [];
    const assign: Record<string, string> = {};
    const made = branches.map((elements, index) => {
      const branch = this.#branch(elements, { known: place.state as Possible, end: endName(name, index), asked });
      settled.push(branch.settled);
      known.take(branch.known, branch.tasks);
      return branch;
    });
    for (const [index, { leaving }] of made.entries()) {
      for (const task of leaving) {
        const output = `$lookup($states.result[${index}].outputs, ${literal(task.id)})`;
        assign[variables.assign(task, this.#scope.readable)] = embed(`$exists(${output}) ? ${output} : null`);
      }
    }
    const way = this.#from(at + 1, known, settled.flat());
    this.#states.push([
      name,
      () =>
        forkState({
          branches: made.map((branch) => branch.state()),
          asked: [...asked],
          assign,
          way,
          statuses,
          stop: this.#scope.stop,
        }),
    ]);
  }

  #branch(elements: readonly Element[], { known, end, asked }: { known: Possible; end: string; asked: Set<string> }) {
    const { variables } = this.#parts;
    const tasks = elements.flatMap(tasksOf);
    const leaving = variables.leaving(tasks);
    const readable = new Map(this.#scope.readable);
    let atEnd: Possible | undefined;
    let isStopped = false;
    const sequence = new Sequence(
      elements,
      {
        readable,
        end: (possible) => {
          atEnd = possible.or(atEnd);
          return () => end;
        },
        stop:
          this.#scope.stop &&
          (() => {
            isStopped = true;
            return stopName(end);
          }),
        onRead: (id) => {
          asked.add(id);
          this.#onRead(id);
        },
      },
      this.#parts,
    );
    const { entry, states } = sequence.walk(known);
    return {
      tasks,
      leaving,
      settled: entry.statuses,
      known: atEnd ?? known,
      state: (): Branch => {
        const own = { StartAt: entry.to(), States: states(), end, leaving: variablesOf(leaving, readable), tasks };
        return { ...own, stop: isStopped ? stopName(end) : undefined };
      },
    };
  }

  #reader() {
    return this.#parts.variables.reader(this.#scope.readable);
  }

  #onRead = (id: string): void => {
    if (!this.#own.has(id)) this.#scope.onRead(id);
  };

  #nameOf(place: Place): string {
    place.stateName ??= isFork(place.element) ? `Fork ${++this.#parts.forks}` : entryOf(place.element);
    return place.stateName;
  }
}

/** The state at which a task begins. */
const entryOf = (task: GraphTask): string => (isNative(task) ? againName(task) : task.id);

const stopName = (end: string): string => end.replace('End', 'Stop');
const endName = (fork: string, index: number): string => `End of branch ${fork.replace('Fork ', '')}.${index + 1}`;

const variablesOf = (tasks: readonly GraphTask[], readable: Readable): Map<string, string> =>
  new Map(tasks.flatMap(({ id }) => (readable.has(id) ? [[id, readable.get(id) as string] as const] : [])));
