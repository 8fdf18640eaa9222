/** The app cannot be synthesized as it is asked for. The message says what to change. */
export class AppError extends Error {
  override readonly name = 'AppError';
}
