/** An error of the Data API itself: a client gets it as the exception of that name. */
export class DataApiError extends Error {
  /** @param name the error's code in the AWS API */
  constructor(name: 'ValidationException' | 'ResourceNotFoundException', message: string) {
    super(message);
    this.name = name;
  }
}

/** What the warehouse says to a statement; found in DescribeStatement's Error, as Redshift words it. */
export class RedshiftError extends Error {
  override readonly name = 'RedshiftError';
}

export const syntaxError = (near: string, position: number): RedshiftError =>
  new RedshiftError(`ERROR: syntax error at or near "${near}"${positionLine(position)}`);

/** @param position of a character in the statement, from 0 */
export const positionLine = (position: number): string => `\n  Position: ${position + 1}`;

/** For what Redshift does and this warehouse does not: said aloud, so that nothing passes here by being ignored. */
export const notDone = (what: string, instead = ''): RedshiftError =>
  new RedshiftError(
    `ERROR: the embedded warehouse does not do ${what}${instead && ` (${instead})`}. ` +
      'Its limits are listed in local/redshift-data/README.md.',
  );

export const reservedWord = (word: string): RedshiftError =>
  new RedshiftError(
    `ERROR: syntax error at or near "${word}"\n  Hint: it is a reserved word of Redshift, and as a name it needs double quotes.`,
  );
