/** A copy of the project with pipelines whose runs differ by their dates, for commands about runs. */
import { Project } from './project.ts';

/** Of a task that does what it is told, by the day of the month of its run. */
const TASK = `
import * as z from 'zod';
import { taskType } from '#sluice';

const how = z.enum(['succeed', 'fail', 'skip', 'flaky', 'wait']);
export const step = taskType('step', {
  input: z.object({ how, name: z.string(), on: z.string().optional(), today: z.string() }),
  output: z.object({ rows: z.int(), name: z.string() }),
});
`;

const HANDLER = `
import { setTimeout as sleep } from 'node:timers/promises';
import { implement, Skipped, Terminal, Transient } from '#sluice/lambda';
import { step } from './task.ts';

export const handler = implement(step, async ({ how, name, on, today }, { log, task }) => {
  const does = on === undefined || today.startsWith(on) ? how : 'succeed';
  log.info('at work', { secret: name });
  console.log('printed by %s\\nin two lines', name);
  if (does === 'wait') await sleep(60_000);
  if (does === 'fail') throw new Terminal('the disk is full');
  if (does === 'skip') throw new Skipped('nothing is new');
  if (does === 'flaky' && task.attempt === 1) throw new Transient('not yet');
  return { rows: 3, name };
});
`;

const DAG = `
import { Dag } from '#sluice';
import { step } from '#tasks/step/task.ts';

export const dag = new Dag('steps', { schedule: '@daily', startDate: '2026-01-01', defaults: { retries: 1, retryDelay: '1s' } });
const today = dag.run.logicalDate;
const list = dag.task('list', step({ how: 'flaky', name: 'list', on: '2026-11-17', today }));
const each = dag.map('each', ['a', 'b'], (name) => step({ how: 'fail', name, on: '2026-11-16', today })).after(list);
const news = dag.task('news', step({ how: 'skip', name: 'news', today })).after(list);
const load = dag.task('load', step({ how: 'fail', name: list.output.name, on: '2026-11-18', today })).after(each);
dag.task('slow', step({ how: 'wait', name: load.output.name, on: '2026-11-15', today })).after(load);
dag.task('report', step({ how: 'succeed', name: 'report', today }), { triggerRule: 'none_failed' }).after(news);
`;

export class VerbsProject extends Project {
  constructor() {
    super();
    this.write('lambdas/tasks/step/task.ts', TASK);
    this.write('lambdas/tasks/step/handler.ts', HANDLER);
    this.write('lib/pipelines/steps/dag.ts', DAG);
    this.list({ steps: { file: 'steps/dag.ts', dag: 'dag' } });
  }
}
