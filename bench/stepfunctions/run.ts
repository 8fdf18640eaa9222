/**
 * What the embedded Step Functions needs between a state and the next: its own time, since no Task does any work. Each
 * machine is one chain of states that pass a payload of the given size on, set against what the same number of JSON
 * round trips of that payload takes in the same run: the least that a state costs, whose input and output are text.
 *
 * usage: node bench/stepfunctions/run.ts [--states 1000] [--kb 2] [--rounds 15]
 */
import { parseArgs } from 'node:util';
import { StepFunctions } from '../../local/stepfunctions/index.ts';

const { values } = parseArgs({
  options: {
    states: { type: 'string', default: '1000' },
    kb: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '15' },
  },
});
const count = Number(values.states);
const rounds = Number(values.rounds);
const rows = Array.from({ length: Math.ceil(Number(values.kb) * 8) }, (_, i) => ({
  key: `raw/repository=${i}/data.ndjson.gz`,
  rows: i * 100,
  bytes: 123_456 + i,
  kept: true,
}));
const payload = JSON.stringify({ rows });

const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
};

/** The kinds of state; each is a chain of its own. */
const KINDS: Record<string, object> = {
  Pass: { Type: 'Pass' },
  'Pass, Output': { Type: 'Pass', Output: '{% $merge([$states.input, {"n": 1}]) %}' },
  'Pass, Assign': { Type: 'Pass', Assign: { seen: '{% $count($states.input.rows) %}' } },
  Choice: { Type: 'Choice' },
  Task: { ...invoke, Output: '{% $states.result %}' },
};

function chain(kind: object): string {
  const names = Array.from({ length: count }, (_, i) => `S${i}`);
  const transition = (i: number) =>
    'Type' in kind && kind.Type === 'Choice'
      ? {
          Choices: [{ Condition: '{% $count($states.input.rows) < 0 %}', Next: 'End' }],
          Default: names[i + 1] ?? 'End',
        }
      : { Next: names[i + 1] ?? 'End' };
  const states = names.map((name, i) => [name, { ...kind, ...transition(i) }]);
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'S0',
    States: { ...Object.fromEntries(states), End: { Type: 'Succeed' } },
  });
}

/** Microseconds of CPU that the middle one of several runs takes. */
async function median(run: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    times.push(user + system);
  }
  return times.sort((a, b) => a - b)[rounds >> 1] ?? 0;
}

function machineOf(kind: object): () => Promise<void> {
  const sfn = new StepFunctions({
    accountId: '000000000000',
    region: 'us-east-1',
    invoke: async ({ arguments: given }) => (given as { Payload: unknown }).Payload,
  });
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  const { stateMachineArn } = sfn.operations.CreateStateMachine({ name: 'bench', definition: chain(kind), roleArn });
  return async () => {
    const { executionArn } = sfn.operations.StartExecution({ stateMachineArn, input: payload });
    const { status, cause } = await sfn.finished(executionArn);
    if (status !== 'SUCCEEDED') throw new Error(`The chain ended ${status}: ${cause}`);
  };
}

async function roundTrips(): Promise<void> {
  let value: unknown = JSON.parse(payload);
  for (let i = 0; i < count; i++) value = await JSON.parse(JSON.stringify(value));
  if (value === undefined) throw new Error('The payload got lost.');
}

console.log(`${count} states in a chain, a payload of ${payload.length} bytes, the median of ${rounds} runs`);
const trip = (await median(roundTrips)) / count;
console.log(`${'JSON round trip'.padEnd(16)} ${trip.toFixed(1).padStart(7)} µs CPU`);
for (const [name, kind] of Object.entries(KINDS)) {
  const own = (await median(machineOf(kind))) / count;
  console.log(
    `${name.padEnd(16)} ${own.toFixed(1).padStart(7)} µs CPU a state, ${(own / trip).toFixed(1)} round trips`,
  );
}
