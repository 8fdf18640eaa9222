import { type Dialect, standardSql } from '#lambdas/warehouse/dialect.ts';
import { identifier } from '#lib/sql/quoting.ts';
import { outwardOf } from './outward.ts';

export const redshiftDialect: Dialect = {
  ...standardSql,
  engine: 'Redshift',
  now: 'GETDATE()',
  // Declarations are written in Redshift's words.
  typeName: (type) => type,
  attributes: ({ distKey, sortKey }) => {
    const dist = distKey === undefined ? '' : ` DISTKEY (${identifier(distKey)})`;
    const sort = sortKey?.length ? ` SORTKEY (${sortKey.map(identifier).join(', ')})` : '';
    return dist + sort;
  },
  outwardOf,
};
