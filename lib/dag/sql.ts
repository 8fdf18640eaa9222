/** SQL files against the tasks that run them. */
import { names, statements } from '#lib/contract/sql-text.ts';
import { DagError } from './errors.ts';
import type { Graph } from './graph.ts';

/**
 * Holds each `.sql` file that a task of the DAG names against that task: the file's `:name`s must be exactly those of
 * the task's params and relations.
 *
 * @param read gives a file's text by its path from the project's root, and throws where there is none
 * @throws DagError that lists every problem
 */
export function checkSql(graph: Graph, read: (file: string) => string): void {
  const problems = graph.tasks.flatMap(({ id, input }) => {
    const { file, params, relations } = (input ?? {}) as Partial<Record<string, unknown>>;
    if (typeof file !== 'string' || !file.endsWith('.sql')) return [];
    const given = [params, relations].flatMap((values) => Object.keys(values ?? {}));
    return problemsOf({ file, given, read }).map((problem) => `${id}: ${file} ${problem}`);
  });
  if (problems.length > 0) throw new DagError(graph.id, problems);
}

function problemsOf({ file, given, read }: { file: string; given: string[]; read: (file: string) => string }) {
  try {
    const sql = read(file);
    const taken = names(sql);
    const list = (of: string[]) => of.map((name) => `:${name}`).join(', ');
    const missing = taken.filter((name) => !given.includes(name));
    const unused = given.filter((name) => !taken.includes(name));
    return [
      ...(statements(sql).length === 0 ? ['has no statement'] : []),
      ...(missing.length > 0 ? [`names ${list(missing)}, which the task does not give`] : []),
      ...(unused.length > 0 ? [`does not name ${list(unused)}, which the task gives`] : []),
      ...given.filter((name, index) => given.indexOf(name) < index).map((name) => `is given :${name} twice`),
    ];
  } catch (error) {
    return [`cannot be read: ${(error as Error).message}`];
  }
}
