/** What a statement does, as far as its words tell. */
import { words } from './statements.ts';

export interface Effect {
  /** The statement's verb: `UPDATE`, also behind a WITH. */
  readonly verb: string;
  /** Whether data, tables or rights may be others afterwards. */
  readonly isChange: boolean;
}

const READS = ['select', 'show', 'explain'];
const BEHIND_WITH = ['select', 'insert', 'update', 'delete', 'merge'];

/** @throws SyntaxError where a quote or comment is not closed */
export function effectOf(statement: string): Effect {
  const all = words(statement);
  const verb = verbOf(all);
  // INTO creates a table, and is no name.
  const isRead = READS.includes(verb) && !(verb === 'select' && all.includes('into'));
  return { verb: verb.toUpperCase(), isChange: !isRead };
}

function verbOf(all: readonly string[]): string {
  const first = all.find((word) => word !== '(') ?? '';
  if (first !== 'with') return first;
  let depth = 0;
  for (const word of all) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (depth === 0 && BEHIND_WITH.includes(word)) return word;
  }
  return first;
}
