/**
 * Lists that a distributed Map reads from the ledger. Such a list never goes through the state machine: this stands in
 * its place in what the task's function returns.
 */

interface Listed {
  readonly $listed: {
    /** The object of the ledger, with the whole output under `/output`. */
    readonly bucket: string;
    readonly key: string;
    /** How many items the list has. */
    readonly count: number;
  };
}

/** Where a list lies in an output, as a JSON Pointer: `/names`; empty where the list is the whole output. */
export type ListPointer = string;

export const listPointer = (fields: readonly string[]): ListPointer =>
  fields.map((field) => `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Where it lies in the ledger's object. */
export const ledgerPointer = (list: ListPointer): string => `/output${list}`;

/** An output as it goes through the state machine: in the place of each of these lists, where to find it. */
export const withListed = (
  output: unknown,
  lists: readonly ListPointer[],
  at: { readonly bucket: string; readonly key: string },
): unknown => lists.reduce((given, list) => replaced(given, fieldsOf(list), at), output);

const fieldsOf = (list: ListPointer): string[] =>
  list
    .split('/')
    .slice(1)
    .map((field) => field.replaceAll('~1', '/').replaceAll('~0', '~'));

type Place = Omit<Listed['$listed'], 'count'>;

/** What is no list is left as it is: the map that reads it says so. */
function replaced(value: unknown, [field, ...fields]: readonly string[], at: Place): unknown {
  if (Array.isArray(value)) return field === undefined ? listed(value, at) : value;
  if (field === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return value;
  return { ...value, [field]: replaced((value as Record<string, unknown>)[field], fields, at) };
}

const listed = ({ length: count }: readonly unknown[], at: Place): Listed => ({ $listed: { ...at, count } });
