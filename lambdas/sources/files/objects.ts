/** The formats of files, as a task says them. */
import * as z from 'zod';

const character = z.string().regex(/^[\t -~]$/, 'expected one character of ASCII');

const csv = z
  .object({
    /** The names of the first line, in their order: a file that has others is refused. */
    header: z
      .array(z.string())
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'has a name twice: a record has each once'),
    /** Default `,`. */
    delimiter: character.optional(),
    /** Default `"`. Within quotes, it is doubled. */
    quote: character.optional(),
  })
  .refine(({ delimiter = ',', quote = '"' }) => delimiter !== quote, 'expected a delimiter that is not the quote');

export const fileFormat = z.union([
  /** One JSON object a line. */
  z.literal('ndjson'),
  z.object({ csv }),
]);
export type FileFormatOption = z.output<typeof fileFormat>;

/** As browsers call it, such as `windows-1252`. */
export const fileEncoding = z.string().refine(isEncoding, 'expected the name of an encoding, such as windows-1252');

function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}
