/** The state of a mapped task: inline, or distributed over executions of their own. */
import { ledgerPointer, listPointer } from '#lib/contract/listed.ts';
import type { GraphTask } from '#lib/dag/index.ts';
import { type Distribution, isKeyed, type TaskList } from './distribution.ts';
import { embed, expressionOf, literal, path, type Read, template } from './jsonata.ts';
import { invokeFor, leads, type Placed, type State, skips } from './state.ts';

type Mapped = GraphTask & { readonly map: object };

interface PlacedMap extends Placed {
  readonly distribution: Distribution;
  /** The first item that fails ends the run. */
  readonly isStopped: boolean;
}

/**
 * An item ends with its status, so that the others go on, unless the first failure ends the run. What the task comes
 * to, `success` asks.
 */
export function mapState(task: Mapped, placed: PlacedMap): State {
  const isDistributed = placed.distribution.isDistributed(task);
  const { fields, count } = itemsOf(task, placed);
  const mode = isDistributed ? { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } : { Mode: 'INLINE' };
  return {
    Type: 'Map',
    ...fields,
    // An execution of its own sees no variables: whatever an item takes comes from here.
    ItemSelector: {
      run: embed('$run'),
      index: embed('$states.context.Map.Item.Index'),
      input: template(task.input, readItem(task, placed.read)),
    },
    MaxConcurrency: task.map.maxConcurrency,
    ...(isDistributed && !placed.isStopped && { ToleratedFailurePercentage: 100 }),
    ItemProcessor: { ProcessorConfig: mode, ...processor(task, placed, isDistributed) },
    Catch: [...(isDistributed ? TOO_MANY_FAILED : []), 'States.ALL'].map((error) => ({
      ErrorEquals: [error],
      ...leads(placed, placed.failed),
    })),
    ...(placed.variable && { Assign: { [placed.variable]: { count: embed(SUCCEEDED), items: embed(count) } } }),
    Output: placed.statuses.output(placed.success.statuses, `{${literal(task.id)}: ${statusOf(task, count)}}`),
    Next: placed.success.to(),
  };
}

/**
 * AWS may put all that it knows of a failed execution into a distributed Map's result, which very many of them make too
 * long; without them it always fits. States.ALL does not match that error.
 */
const TOO_MANY_FAILED = ['States.DataLimitExceeded'];

/** An item's states. An inline item catches its failure; that of an execution shows in the Map Run, and has no status. */
function processor(task: Mapped, { functionArn, isStopped }: PlacedMap, isDistributed: boolean) {
  const [item, ended] = [`Item of ${task.id}`, `End of item of ${task.id}`];
  const end = (status: string) => ({ Output: embed(literal(status)), Next: ended });
  const given = {
    run: embed('$states.input.run'),
    task: { index: embed('$states.input.index') },
    input: embed('$states.input.input'),
  };
  return {
    StartAt: item,
    States: {
      [item]: {
        ...invokeFor(task, functionArn, given),
        Catch: [
          { ErrorEquals: skips(task), ...end('skipped') },
          ...(isStopped || isDistributed ? [] : [{ ErrorEquals: ['States.ALL'], ...end('failed') }]),
        ],
        ...end('success'),
      },
      [ended]: { Type: 'Succeed' },
    },
  };
}

const SUCCEEDED = '$count($states.result[$ = "success"])';

/** The status of a mapped task, by those of its items: one that has none failed. */
const statusOf = ({ map: { toleratedFailureCount } }: Mapped, count: string): string =>
  [
    `$count($states.result[$ in ["success", "skipped"]]) < ${fewest(count, toleratedFailureCount)} ? "failed"`,
    `"skipped" in $states.result and $not("success" in $states.result) ? "skipped"`,
    `"success"`,
  ].join(' : ');

/** How many items must not fail: of a list that is not empty at least one. */
const fewest = (count: string, tolerated: number): string =>
  tolerated === 0 ? count : `$min([${count}, $max([1, ${count} - ${tolerated}])])`;

interface Items {
  /** Of the state: where the items come from. A list that is longer than its limit is an error that says so. */
  readonly fields: object;
  /** The expression that tells, behind the state, how many there were. */
  readonly count: string;
}

function itemsOf(task: Mapped, { read, distribution }: PlacedMap): Items {
  const inLedger = distribution.listOf(task);
  if (inLedger) return itemsInLedger(task, inLedger, read);
  const over = expressionOf(task.map.over, read);
  const count = `$count($type(${over}) = "object" ? $keys(${over}) : ${over})`;
  return {
    fields: { Items: embed(limited(task, count, isKeyed(task) ? keyed(over) : values(over))) },
    count: distribution.isDistributed(task) ? count : '$count($states.result)',
  };
}

/** The task that gave the list told where it lies, and how long it is: see `listed.ts`. */
function itemsInLedger(task: Mapped, { task: giver, path: fields }: TaskList, read: Read): Items {
  const list = `$lookup(${path(read(giver), fields)}, "$listed")`;
  const missing = literal(
    `${task.id}: what it runs over is missing, or no list. Of an object, have the items take their key: then it is not ` +
      'read from the ledger, where only a list can be',
  );
  const place = `$exists(${list}) ? {"Bucket": ${list}.bucket, "Key": ${list}.key} : $error(${missing})`;
  return {
    fields: {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        Arguments: embed(limited(task, `${list}.count`, place)),
        ReaderConfig: { InputType: 'JSON', ItemsPointer: ledgerPointer(listPointer(fields)) },
      },
    },
    count: `${list}.count`,
  };
}

/** What is given where a list is not too long. */
function limited({ id, map: { maxItems } }: Mapped, count: string, given: string): string {
  const told = `${literal(`${id} has `)} & ${count} & ${literal(` items, more than its maxItems: ${maxItems}`)}`;
  return `${count} > ${maxItems} ? $error(${told}) : ${given}`;
}

/** The items of a list, or the fields of an object, with their keys. */
const keyed = (over: string): string =>
  `($type(${over}) = "object" ? [$each(${over}, function($v, $k) { {"key": $k, "item": $v} })]` +
  ` : [$map(${over}, function($v, $i) { {"key": $string($i), "item": $v} })])`;

/** The items of a list, or the fields of an object: each in its own list, for `$append` would spread one that is a list. */
const values = (over: string): string =>
  `($type(${over}) = "object" ? $reduce([$keys(${over})], function($all, $k) {` +
  ` ($v := $lookup(${over}, $k); $append($all, $type($v) = "array" ? [[$v]] : $v)) }, []) : ${over})`;

/** What stands for a root in the input of an item. */
function readItem(task: Mapped, read: Read): Read {
  const item = '$states.context.Map.Item';
  const roots: Readonly<Record<string, string>> = {
    '@item': isKeyed(task) ? `${item}.Value.item` : `${item}.Value`,
    '@index': `${item}.Index`,
    '@key': `${item}.Value.key`,
  };
  return (root) => roots[root] ?? read(root);
}
