/** Files of the project that tasks name in their input's `file`: SQL and bash scripts. Their functions carry them. */
import { DagError } from './errors.ts';
import type { Graph, GraphTask } from './graph.ts';
import { sqlProblems } from './sql.ts';

const EXTENSIONS = ['.sql', '.sh'];

/** The path of the file that a task names, from the project's root. */
export function fileOf({ input }: GraphTask): string | undefined {
  const { file } = (input ?? {}) as { file?: unknown };
  return typeof file === 'string' && EXTENSIONS.some((extension) => file.endsWith(extension)) ? file : undefined;
}

/**
 * Holds each file that a task of the DAG names against that task: it must be there, and the `:name`s of SQL must be
 * exactly those of the task's params and relations.
 *
 * @param read gives a file's text by its path from the project's root, and throws where there is none
 * @throws DagError that lists every problem
 */
export function checkFiles(graph: Graph, read: (file: string) => string): void {
  const problems = graph.tasks.flatMap((task) => {
    const file = fileOf(task);
    return file === undefined ? [] : problemsOf(file, task, read).map((problem) => `${task.id}: ${file} ${problem}`);
  });
  if (problems.length > 0) throw new DagError(graph.id, problems);
}

function problemsOf(file: string, { input }: GraphTask, read: (file: string) => string): string[] {
  if (file.split('/').includes('..')) return ["leads up with '..': give its path from the project's root"];
  try {
    const text = read(file);
    return file.endsWith('.sql') ? sqlProblems(text, input) : [];
  } catch (error) {
    return [`cannot be read: ${(error as Error).message}`];
  }
}
