/** `sluice callback`: the answer that a callback task waits for. */
import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNServiceException,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import { OUTPUT_BYTES } from '#lib/contract/envelope.ts';
import { ERROR } from '#lib/contract/error-names.ts';
import { openRunning } from '../deployment/open.ts';
import { UsageError } from '../errors.ts';
import type { AddCommand } from './add-command.ts';

interface Options {
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly stack?: string;
  readonly json?: true;
}
type Answer = SendTaskSuccessCommand | SendTaskFailureCommand | SendTaskHeartbeatCommand;

const TOKEN = 'from the mail that asked, or from what sluice run shows';

const HELP = `
On this machine it answers a task of the \`sluice run\` or \`sluice local\` that is at work at this moment.

--json prints {"told": "success", "failure" or "heartbeat"}.

Exit status: 0 the task has its answer, 2 nobody waits for it, or usage.`;

const FAIL_HELP = `
${ERROR.terminal}, the default, fails the task for good, and ${ERROR.skipped} skips it. With a name of your own it is
tried again as often as its retries say, and asks again with another token.
${HELP}`;

export const addCallback: AddCommand = (program) => {
  const callback = program.command('callback').description('Answers a callback task, which waits until somebody does.');
  withOptions(callback.command('succeed'))
    .description('Ends the task with success.')
    .option('--output <json>', `the task's output, at most ${OUTPUT_BYTES / 1024} KiB`, '{}')
    .addHelpText('after', HELP)
    .action(succeed);
  withOptions(callback.command('fail'))
    .description('Ends the task with a failure.')
    .option('--error <name>', 'what it fails with; see below', ERROR.terminal)
    .option('--cause <text>', 'why', 'Answered by sluice callback fail.')
    .addHelpText('after', FAIL_HELP)
    .action(fail);
  withOptions(callback.command('heartbeat'))
    .description('Gives a sign of life: the time in which the next one must come begins anew.')
    .addHelpText('after', HELP)
    .action(heartbeat);
};

const withOptions = (command: Command): Command =>
  command
    .argument('<token>', TOKEN)
    .option('--stack <name>', 'answer a task of a deployment instead of the embedded AWS')
    .option('--json', 'print JSON; see below');

async function succeed(taskToken: string, { output = '{}', ...options }: Options): Promise<void> {
  refuseOutput(output);
  await send(new SendTaskSuccessCommand({ taskToken, output }), options);
  tell(options, { told: 'success', text: `The task has succeeded, with the output ${output}.` });
}

async function fail(taskToken: string, { error, cause, ...options }: Options): Promise<void> {
  await send(new SendTaskFailureCommand({ taskToken, error, cause }), options);
  tell(options, { told: 'failure', text: `The task has its answer: ${error}: ${cause}` });
}

async function heartbeat(taskToken: string, options: Options): Promise<void> {
  await send(new SendTaskHeartbeatCommand({ taskToken }), options);
  tell(options, { told: 'heartbeat', text: 'The task goes on waiting for its answer.' });
}

function tell({ json }: Options, { told, text }: { told: string; text: string }): void {
  console.log(json ? JSON.stringify({ told }) : text);
}

function refuseOutput(output: string): void {
  const bytes = Buffer.byteLength(output);
  if (bytes > OUTPUT_BYTES)
    throw new UsageError(`--output: it has ${bytes} bytes, and an output ${OUTPUT_BYTES} at most: give a pointer.`);
  try {
    JSON.parse(output);
  } catch (error) {
    throw new UsageError(`--output ${output}: no JSON: ${(error as Error).message}. Write it as '{"by":"Ann"}'.`);
  }
}

async function send(answer: Answer, options: Options): Promise<void> {
  const { stepFunctions } = (await openRunning(options)).aws;
  try {
    // Each command has a type of its own, which the client's overloads do not take together.
    await stepFunctions.send(answer as SendTaskSuccessCommand);
  } catch (error) {
    throw error instanceof SFNServiceException ? new UsageError(reasonOf(error)) : error;
  }
}

function reasonOf(error: SFNServiceException): string {
  if (error instanceof InvalidToken) return `This is no token of a callback task. Take it whole ${TOKEN}.`;
  if (error instanceof TaskDoesNotExist)
    return `There is no task with this token there. It is of another deployment (--stack), or its run is long gone.`;
  if (error instanceof TaskTimedOut)
    return 'Nobody waits for this token any more: it was answered, its time is up, or its run has ended. A task that is tried again has another token.';
  return `Answering the token: ${error.message}`;
}
