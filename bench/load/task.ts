/**
 * A task of the pipeline, alone in a process, as a Lambda runs it: `extract` takes generated pages to the lake, `load`
 * takes them from there into the warehouse by upsert. The process's environment names both.
 *
 * usage: task.ts extract <rows> <edition> | task.ts load <output of the extract> <edition>
 */
import { openAttempt } from '../../lambdas/lake/attempt.ts';
import type { TaskContext } from '../../lambdas/runtime/implement.ts';
import { logger } from '../../lambdas/runtime/log.ts';
import { openServices } from '../../lambdas/runtime/services.ts';
import type { Run } from '../../lib/contract/envelope.ts';
import { pagesOf, TABLE } from './comments.ts';
import { cpuOfProcess, peakOfProcess } from './used.ts';

const [job, subject = '', edition = '1'] = process.argv.slice(2);
const instant = (day: string) => `2026-01-0${day}T00:00:00Z`;
const run: Run = {
  dagId: 'bench',
  runId: `2026010${edition}T000000Z`,
  logicalDate: instant(edition),
  dataInterval: { start: instant(edition), end: instant(String(Number(edition) + 1)) },
  clearing: 1,
  execution: 'bench',
  params: {},
};

async function extract(): Promise<object> {
  const log = logger({ pipeline: run.dagId, run: run.runId });
  const context = { ...openServices(), run, task: { id: 'extract', attempt: 1 }, log } as unknown as TaskContext;
  const attempt = await openAttempt(context, { kind: 'lake', dataset: 'comments', table: TABLE.name });
  const page = { url: 'generated', status: 200, fetchedAt: run.logicalDate };
  for (const texts of pagesOf(Number(subject), Number(edition))) {
    const records = texts.map((text) => Buffer.from(text));
    await attempt.add(page, records);
  }
  return attempt.close();
}

async function load(): Promise<object> {
  const { handler } = await import('../../lambdas/tasks/s3-to-warehouse/handler.ts');
  const connection = { connection: 'warehouse', type: 'redshift' };
  const input = { connection, from: JSON.parse(subject), table: { dataset: TABLE.name }, mode: 'upsert' };
  return handler({ run, task: { id: 'load', attempt: 1 }, input });
}

const begun = performance.now();
const output = await (job === 'load' ? load() : extract());
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ output, seconds, cpu: cpuOfProcess(), rss: peakOfProcess() }));
