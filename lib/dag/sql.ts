/** A SQL file against the task that runs it. */
import { names, statements } from '#lib/sql/statements.ts';

/**
 * What is wrong with the text, given the task's input: its `:name`s must be exactly those of params and relations.
 * @throws SyntaxError where a quote or comment is not closed
 */
export function sqlProblems(sql: string, input: unknown): string[] {
  const { params, relations } = input as Partial<Record<string, object>>;
  const given = [params, relations].flatMap((values) => Object.keys(values ?? {}));
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
}
