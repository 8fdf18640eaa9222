/** The formats of files, as a task says them. */
import * as z from 'zod';

export const fileFormat = z.union([
  /** One JSON object a line. */
  z.literal('ndjson'),
  z.object({
    csv: z.object({
      /** The names of the first line, in their order: a file that has others is refused. */
      header: z.array(z.string()).min(1),
      /** Default `,`. */
      delimiter: z.string().length(1).optional(),
      /** Default `"`. Within quotes, it is doubled. */
      quote: z.string().length(1).optional(),
    }),
  }),
]);
export type FileFormatOption = z.output<typeof fileFormat>;
