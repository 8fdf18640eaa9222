/** The scheduler of a machine: fires the schedules of the app that the embedded AWS has, and deploys it anew when it changes. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { failedTasksOf, isClosed, type RunRecord, readRecord } from '#lib/runs/run-record.ts';
import { spelled } from '#lib/time/duration.ts';
import { type EmbeddedAws, EmbeddedAwsError } from '#local/index.ts';
import { embeddedAwsAt } from '../deployment/aws.ts';
import { type DeployedPipeline, type Deployment, readDeployment } from '../deployment/deployment.ts';
import { start } from '../deployment/execution.ts';
import { STATE } from '../deployment/place.ts';
import { brokenPipelines } from '../deployment/synth.ts';
import { UsageError } from '../errors.ts';
import { although } from '../terminal/report.ts';
import { type Due, DueTicks } from './due-ticks.ts';

interface Around {
  readonly embedded: Pick<EmbeddedAws, 'url' | 'rules' | 'fire' | 'redeploy'>;
  readonly deployment: Deployment;
  readonly tell: (line: string) => void;
  /** Makes the cloud assembly of the code as it is now. @throws UsageError for an app that cannot be */
  readonly synthesize?: () => Promise<void>;
  /** What was seen of ticks, from one process to the next. */
  readonly file?: string;
}

interface Begun {
  readonly dagId: string;
  readonly runId: string;
  readonly logicalDate: string;
  readonly isCatchup: boolean;
  readonly at: Date;
}

/** A run without a record after so long never began: begin refused it. */
const GIVE_UP_MS = 300_000;

export class Scheduler {
  readonly #around: Required<Around>;
  readonly #ticks: DueTicks;
  #deployment: Deployment;
  #begun: readonly Begun[] = [];

  constructor(around: Around) {
    this.#around = { synthesize: synthesizeAnew, file: resolve(STATE, 'schedules.json'), ...around };
    this.#deployment = around.deployment;
    this.#ticks = new DueTicks({
      store: around.deployment.store,
      file: this.#around.file,
      isCatchingUp: (dagId) => this.#begun.some((run) => run.dagId === dagId && run.isCatchup),
    });
  }

  /** Tells the runs that have ended, and begins those whose time has come. */
  async step(now: Date): Promise<void> {
    const open = await Promise.all(this.#begun.map((run) => this.#isOpen(run, now)));
    this.#begun = this.#begun.filter((_, n) => open[n]);
    for (const due of await this.#ticks.at(now, this.#deployment.pipelines)) await this.#begin(due, now);
    this.#ticks.keep();
  }

  /** Deploys the app as its code is now. Where that cannot be, what was deployed goes on, and the reason is told. */
  async redeploy(): Promise<void> {
    const { embedded, synthesize, tell } = this.#around;
    try {
      await synthesize();
      await embedded.redeploy();
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof EmbeddedAwsError)) throw error;
      return tell(`The app is as it was, since its code cannot be deployed: ${error.message}`);
    }
    this.#deployment = await readDeployment(embeddedAwsAt(embedded.url), this.#deployment.name);
    tell(`Deployed anew: ${this.#deployment.pipelines.map(({ dagId }) => dagId).join(', ')}`);
    for (const [name, problem] of Object.entries(brokenPipelines()))
      tell(`${name} is broken, and left out: ${problem}`);
  }

  async #begin({ pipeline, isLate, missed, tick, runId, logicalDate }: Due, now: Date): Promise<void> {
    const { embedded, tell } = this.#around;
    const { dagId, stateMachine, catchup } = pipeline;
    const isCatchup = catchup && isLate;
    if (missed > 0) tell(`${dagId}: ${missed} tick${missed === 1 ? ' was' : 's were'} missed before that of ${tick}`);
    if (isCatchup) await start(this.#deployment.aws, stateMachine, { tick, backfill: true });
    else await embedded.fire(this.#scheduleOf(pipeline), new Date(tick));
    tell(`${dagId} ${logicalDate} begins${isCatchup ? ', to catch up' : ''}`);
    this.#begun = [...this.#begun, { dagId, runId, logicalDate, isCatchup, at: now }];
  }

  /** The name of one of the schedules that start a pipeline's state machine: they all send the same. */
  #scheduleOf({ dagId, stateMachine }: DeployedPipeline): string {
    const rules = this.#around.embedded.rules();
    const found = rules.find(({ schedule, targets }) => schedule && targets.some(({ Arn }) => Arn === stateMachine));
    if (found) return found.name;
    throw new UsageError(`${dagId} has a schedule, but no rule that starts ${stateMachine}. Deploy it anew.`);
  }

  async #isOpen(run: Begun, now: Date): Promise<boolean> {
    const record = (await readRecord(this.#deployment.store, run))?.record;
    if (!record) return now.getTime() - run.at.getTime() < GIVE_UP_MS;
    if (!isClosed(record)) return true;
    this.#around.tell(endOf(record));
    return false;
  }
}

function endOf(record: RunRecord): string {
  const { dagId, logicalDate, state, startedAt, endedAt, error } = record;
  const seconds = startedAt && endedAt ? Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000) : undefined;
  const failed = failedTasksOf(record);
  const how =
    state === 'success' ? `success${although({ failedTasks: failed })}` : `failed: ${failed.join(', ') || error}`;
  return `${dagId} ${logicalDate} ${how}${seconds === undefined ? '' : `, ${spelled(seconds)}`}`;
}

const result = z.object({ problem: z.string().optional() });

/** @throws UsageError for an app that cannot be */
async function synthesizeAnew(): Promise<void> {
  const worker = new Worker(new URL('./synth-worker.ts', import.meta.url));
  const [message] = await once(worker, 'message');
  await worker.terminate();
  const { problem } = result.parse(message);
  if (problem !== undefined) throw new UsageError(problem);
}
