/** The command was interrupted, and what it followed goes on without it: exit status 130, as of a shell. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What the person at the keyboard can mend: one clear line, exit status 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
