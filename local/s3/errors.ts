/** The error codes that this S3 answers with, each with its HTTP status. */
const STATUS = {
  BadDigest: 400,
  BucketAlreadyExists: 409,
  ConditionalRequestConflict: 409,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidObjectState: 403,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  XAmzContentSHA256Mismatch: 400,
} as const;
type Code = keyof typeof STATUS;

/** What the client is told: `code` and `detail` become elements of S3's `<Error>` document. */
export class S3Error extends Error {
  readonly code: Code;
  readonly detail: Record<string, string>;

  constructor(code: Code, message: string, detail: Record<string, string> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** A bucket's own books cannot be read; the message says which file, what is lost, and how to go on. */
export class DamagedBucketError extends Error {
  override readonly name = 'DamagedBucketError';
}
