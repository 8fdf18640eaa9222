/** Which ticks of a deployment's schedules are due on a machine that is not always on, and what is known of those before. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { byName } from '#lib/runs/by-name.ts';
import { isPausedAt } from '#lib/runs/pauses.ts';
import type { Store } from '#lib/runs/store.ts';
import { type DueTick, dueTicks } from '#lib/time/schedule.ts';
import type { DeployedPipeline } from '../deployment/deployment.ts';

const seen = byName(
  z.object({
    schedule: z.string().nullable(),
    timeZone: z.string(),
    /** Every tick up to it has begun its run, was in a pause, or was left out. */
    until: z.iso.datetime(),
  }),
);
type Seen = z.output<typeof seen>;

export interface Due extends DueTick {
  readonly pipeline: DeployedPipeline;
  /** Its time was over for so long that it is one of those that are made up for. */
  readonly isLate: boolean;
  /** Ticks before it, since the last one that was seen, that begin no run. */
  readonly missed: number;
}

interface Around {
  readonly store: Store;
  /** Keeps from one process to the next what was seen. */
  readonly file: string;
  /** Whether a run that is made up for is under way: one of a pipeline at a time. */
  readonly isCatchingUp: (dagId: string) => boolean;
}

/** Until then a tick is on time: the loop may have been busy with deploying. */
const LATE_MS = 60_000;
/** A pipeline that is seen for the first time was deployed then; one with catchup begins with its startDate. */
const EVER = new Date(0).toISOString();

export class DueTicks {
  readonly #around: Around;
  #seen: Seen;
  #isKept = true;

  constructor(around: Around) {
    this.#around = around;
    this.#seen = existsSync(around.file) ? readSeen(around.file) : {};
  }

  /**
   * The ticks that are due at an instant and not yet seen. Where several were missed, the latest of a pipeline, as AWS
   * would not send the others either; with catchup the earliest, once the one before it has been made up for.
   */
  async at(now: Date, pipelines: readonly DeployedPipeline[]): Promise<Due[]> {
    const due: Due[] = [];
    const before = JSON.stringify(this.#seen);
    this.#seen = Object.fromEntries(pipelines.map((pipeline) => [pipeline.dagId, this.#seenOf(pipeline, now)]));
    for (const pipeline of pipelines) {
      const found = await this.#dueOf(pipeline, now);
      if (found) due.push(found);
    }
    this.#isKept &&= JSON.stringify(this.#seen) === before;
    return due;
  }

  /** Writes down that what was due has begun. Until then, another process finds it due again, which begins nothing twice. */
  keep(): void {
    if (this.#isKept) return;
    const { file } = this.#around;
    writeFileSync(`${file}.next`, JSON.stringify(this.#seen));
    renameSync(`${file}.next`, file);
    this.#isKept = true;
  }

  #seenOf({ dagId, schedule, timeZone, catchup }: DeployedPipeline, now: Date): Seen[string] {
    const known = this.#seen[dagId];
    if (known?.schedule === schedule && known.timeZone === timeZone) return known;
    return { schedule, timeZone, until: catchup && !known ? EVER : now.toISOString() };
  }

  async #dueOf(pipeline: DeployedPipeline, now: Date): Promise<Due | undefined> {
    const { dagId, schedule, timeZone, catchup } = pipeline;
    const after = new Date(this.#seen[dagId]?.until ?? now);
    if (catchup && this.#around.isCatchingUp(dagId)) return undefined;
    let [missed, until] = [0, after];
    let found: DueTick | undefined;
    for (const tick of dueTicks(pipeline, { after, until: now })) {
      until = new Date(tick.tick);
      if (await isPausedAt(this.#around.store, dagId, until)) continue;
      if (found) missed++;
      found = tick;
      if (catchup) break;
    }
    this.#seen = { ...this.#seen, [dagId]: { schedule, timeZone, until: until.toISOString() } };
    return found && { ...found, pipeline, isLate: now.getTime() - until.getTime() > LATE_MS, missed };
  }
}

/** What cannot be read is as if nothing had been seen: schedules count from now on. */
function readSeen(file: string): Seen {
  try {
    return seen.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(
      `${file} is damaged: ${(error as Error).message}. What was missed since it was written is not noticed.`,
    );
    return {};
  }
}
