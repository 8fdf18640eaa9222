/** A SQL text against the values that are given for its `:name`s. */
import { isLater } from '#lib/contract/ref.ts';
import { names, statements } from './statements.ts';

/**
 * What is wrong with the text of a file whose `:name`s must be exactly the fields of these objects. Of an object that
 * only a run knows nothing is said.
 */
export function wrongNames(file: string, sql: string, given: readonly unknown[]): string[] {
  try {
    return wrong(sql, given).map((problem) => `${file} ${problem}`);
  } catch (error) {
    if (error instanceof SyntaxError) return [`${file} cannot be read: ${error.message}`];
    throw error;
  }
}

function wrong(sql: string, given: readonly unknown[]): string[] {
  const known = given.flatMap((values) => (isLater(values) ? [] : Object.keys(values ?? {})));
  const taken = names(sql);
  const list = (of: readonly string[]) => of.map((name) => `:${name}`).join(', ');
  const missing = given.some(isLater) ? [] : taken.filter((name) => !known.includes(name));
  const unused = known.filter((name) => !taken.includes(name));
  return [
    ...(statements(sql).length === 0 ? ['has no statement'] : []),
    ...(missing.length > 0 ? [`names ${list(missing)}, which the task does not give`] : []),
    ...(unused.length > 0 ? [`does not name ${list(unused)}, which the task gives`] : []),
    ...known.filter((name, index) => known.indexOf(name) < index).map((name) => `is given :${name} twice`),
  ];
}
