/**
 * What it takes to compile a DAG to a state machine, and how that grows with its tasks: twice the tasks, `growth` times
 * the CPU; 2.0 is linear. Beside it, on the same machine in the same process: asl-validator, the usual check of a
 * definition, and JSON to text and back.
 *
 * usage: node bench/compile/run.ts
 */
import { createRequire } from 'node:module';
import { AslError, compile, type StateMachine } from '../../lib/asl/index.ts';
import { dagOf, SHAPES } from './dags.ts';

const SIZES = [125, 250, 500, 1000];

const validate = createRequire(import.meta.url)('asl-validator') as (machine: object) => { isValid: boolean };
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const machineArn = (pipeline: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${pipeline}`;

/** Milliseconds of CPU, the least of several runs: the one that least else took part in. */
function measured(work: () => unknown, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

/** The machine, or why a DAG of this size is refused once it is compiled. */
function compiled(shape: keyof typeof SHAPES, count: number): StateMachine | AslError {
  try {
    return compile(dagOf(SHAPES[shape], count).graph(), { functionArn, begin: functionArn('begin'), machineArn });
  } catch (error) {
    if (error instanceof AslError) return error;
    throw error;
  }
}

function alternatives(machine: StateMachine | AslError, ms: number): string {
  if (machine instanceof AslError) return `refused: ${machine.problems.join('; ')}`;
  const validator = measured(() => validate(machine), 1);
  const json = measured(() => JSON.parse(JSON.stringify(machine)), 10);
  return `${(ms / validator).toFixed(2)} of asl-validator, ${(ms / json).toFixed(1)} of JSON to text and back`;
}

for (const shape of Object.keys(SHAPES) as (keyof typeof SHAPES)[]) {
  console.log(`\n${shape}\ntasks  compile  growth`);
  compiled(shape, 125);
  let before = Number.NaN;
  for (const count of SIZES) {
    const machine = compiled(shape, count);
    const ms = measured(() => compiled(shape, count), 10);
    const growth = count === SIZES[0] ? '' : (ms / before).toFixed(1);
    const figures = [String(count).padStart(5), `${ms.toFixed(0)} ms`.padStart(7), growth.padStart(6)];
    console.log(`${figures.join('  ')}  ${alternatives(machine, ms)}`);
    before = ms;
  }
}
