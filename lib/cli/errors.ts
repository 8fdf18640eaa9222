/** What the person at the keyboard can mend: one clear line, exit status 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
