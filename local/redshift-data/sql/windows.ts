/** OVER: which functions take it, and with which frame. */
import { notDone, RedshiftError } from '../errors.ts';
import { isCount, isNode, type Node, type Tree } from './tree.ts';

/** They look at a frame of rows; Redshift wants it written out where the rows are ordered. */
const FRAMED = ['sum', 'count', 'min', 'max', 'logical_and', 'logical_or', 'first_value', 'last_value'];
/** They look at all rows of the partition. */
const RANKING = ['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'n_tile', 'lag', 'lead'];

/** @throws RedshiftError for a window that Redshift or this warehouse does not do */
export function requireWindow({ this: called, over }: Node): undefined {
  const [kind = ''] = isNode(called) ? Object.keys(called) : [];
  const name = kind.replace('logical', 'bool').replace('n_tile', 'ntile').toUpperCase();
  const { frame, order_by: order } = isNode(over) ? over : {};
  if (!FRAMED.includes(kind) && !RANKING.includes(kind)) throw notDone(`${name} with OVER`);
  if (isNode(called) && isNode(called[kind]) && called[kind]['distinct'])
    throw notDone(`${name}(DISTINCT …) with OVER`);
  if (isNode(frame)) return requireFrame(name, RANKING.includes(kind), frame);
  const isOrdered = Array.isArray(order) && order.length > 0;
  if (isOrdered && FRAMED.includes(kind)) {
    throw new RedshiftError(
      `ERROR: Aggregate window functions with an ORDER BY clause require a frame clause: ${name} needs ROWS …`,
    );
  }
}

function requireFrame(name: string, isRanking: boolean, { kind, start, end }: Node): undefined {
  if (isRanking) throw new RedshiftError(`ERROR: ${name} takes no frame clause on Redshift`);
  if (kind !== 'Rows') throw notDone(`a frame of ${String(kind).toUpperCase()}`, 'Redshift has ROWS');
  for (const bound of [start, end]) if (!isBound(bound)) throw notDone('a frame bound that is not a number of rows');
}

const isBound = (bound: Tree): boolean => !isNode(bound) || Object.values(bound).every(isCount);
