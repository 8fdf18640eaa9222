/** The source of `docs/own-extract.md` that `rest-to-s3` cannot express. */
import * as z from 'zod';
import { extracted } from '#lib/contract/extracted.ts';
import { connection, dataset, taskType } from '#sluice';
import { extract, implement, restPages } from '#sluice/lambda';

export const stockToS3 = taskType('stock-to-s3', {
  input: z.object({ connection: connection('http'), store: z.string(), to: dataset('write') }),
  output: extracted,
});

export const handler = implement(stockToS3, ({ connection, store, to }, context) =>
  extract(context, { ...to, of: store }, (beforehand) =>
    restPages(context, {
      connection,
      path: `/stores/${store}/stock`,
      // The page says in a header of its own how far it came.
      pages: ({ asked, headers }) => {
        const upTo = headers.get('x-up-to');
        return upTo === null ? undefined : new URL(`?from=${upTo}`, asked).href;
      },
      ...beforehand,
    }),
  ),
);
