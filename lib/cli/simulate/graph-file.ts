/** DAGs as lines of JSON, each with how its tasks end. */
import * as z from 'zod';
import { taskType } from '#lib/contract/task-type.ts';
import { Dag, DagError, eq, type Graph, type Ref, type Task, TRIGGER_RULES } from '#lib/dag/index.ts';
import { UsageError } from '../errors.ts';
import { answerOf, type Case, type Outcome } from './case.ts';
import type { Answer } from './engine.ts';

const outcome = z.enum(['success', 'failed', 'skipped']);
const lineSchema = z.object({
  tasks: z
    .array(
      z.strictObject({
        id: z.string(),
        upstream: z.array(z.string()).default([]),
        triggerRule: z.enum(TRIGGER_RULES).default('all_success'),
        outcome: outcome.default('success'),
        branch: z.string().optional(),
        when: z.strictObject({ task: z.string(), is: z.string() }).optional(),
        map: z.array(outcome).optional(),
      }),
    )
    .min(1),
});
type LineTask = z.output<typeof lineSchema>['tasks'][number];

/**
 * The graphs of a file, named `line-<n>`; empty lines are left out.
 * @throws UsageError naming the line and the field that is wrong
 */
export const casesOf = (file: string, text: string): Case[] =>
  text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, { file, number: index + 1 })]));

function readLine(text: string, { file, number }: { file: string; number: number }): Case {
  const wrong = (problems: readonly string[]) => new UsageError([`${file}, line ${number}:`, ...problems].join('\n  '));
  const parsed = lineSchema.safeParse(json(text, wrong));
  if (!parsed.success) throw wrong(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const { tasks } = parsed.data;
  const problems = strangers(tasks);
  if (problems.length > 0) throw wrong(problems);
  try {
    const answers = Object.fromEntries(tasks.map((task) => [task.id, answersOf(task)]));
    return { graph: graphOf(`line-${number}`, tasks), tasks: answers };
  } catch (error) {
    if (error instanceof DagError) throw wrong(error.problems);
    throw error;
  }
}

function json(text: string, wrong: (problems: readonly string[]) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong([`no JSON: ${(error as Error).message}`]);
  }
}

/** Where a field names a task that is not there, or that cannot choose a branch. */
function strangers(tasks: readonly LineTask[]): string[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const missing = (field: string, id: string) => (byId.has(id) ? [] : [`${field}: there is no task '${id}'`]);
  return tasks.flatMap(({ upstream, when }, index) => [
    ...upstream.flatMap((id, place) => missing(`tasks.${index}.upstream.${place}`, id)),
    ...(when ? missing(`tasks.${index}.when.task`, when.task) : []),
    ...(when && byId.get(when.task)?.map
      ? [`tasks.${index}.when.task: '${when.task}' is mapped: it gives a list, and chooses no branch`]
      : []),
  ]);
}

/** What a task of a file does: it gives the branch that it chose. */
const step = taskType('step', { input: z.object({}), output: z.object({ branch: z.string() }) });

const answersOf = ({ outcome: ends, branch = ends, map }: LineTask): readonly Answer[] =>
  (map ?? [ends]).map((end) => answerOf(end, { branch }));

/** The graph as an author would write it. */
function graphOf(id: string, lines: readonly LineTask[]): Graph {
  const lists = Object.fromEntries(lines.map((line) => [line.id, line.map ?? []]));
  const params = z.object({ lists: z.record(z.string(), z.array(outcome)).default(lists) });
  const dag = new Dag(id, { schedule: null, startDate: '2026-01-01', params });
  const branches = new Map<string, Ref<string>>();
  const place = ({ id, triggerRule, map }: LineTask): Task => {
    if (map) {
      const options = { triggerRule, maxItems: Math.max(1, map.length) };
      return dag.map(id, dag.params.lists[id] as Ref<Outcome[]>, () => step({}), options);
    }
    const task = dag.task(id, step({}), { triggerRule });
    branches.set(id, task.output.branch);
    return task;
  };
  const tasks = new Map(lines.map((line) => [line.id, place(line)]));
  for (const { id, upstream, when } of lines) {
    const task = tasks.get(id) as Task;
    task.after(...upstream.map((one) => tasks.get(one) as Task));
    if (when) dag.if(eq(branches.get(when.task) as Ref<string>, when.is), task);
  }
  return dag.graph();
}
