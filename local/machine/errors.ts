/** An AWS error: a client gets it in its protocol's shape, under `name`, as the exception of that name. */
export class AwsError extends Error {
  readonly status: number;

  /** @param name the error's code in the AWS API, such as `ResourceNotFoundException` */
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** The embedded AWS cannot start, or cannot deploy this app. The message says what to do; a stack trace adds nothing. */
export class EmbeddedAwsError extends Error {
  override readonly name = 'EmbeddedAwsError';
}
