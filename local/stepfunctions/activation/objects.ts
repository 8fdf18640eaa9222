/** One object as a listing tells of it. */
export interface ListedObject {
  key: string;
  /** In bytes. */
  size: number;
  /** With its quotes. */
  etag: string;
  modified: Date;
}

/** S3, as far as a distributed Map reads its items from it and writes its results to it. Errors are those of S3. */
export interface Objects {
  get(bucket: string, key: string): Promise<Uint8Array>;
  /** Every object whose key begins with `prefix`, in S3's order. */
  list(bucket: string, prefix: string): Promise<ListedObject[]>;
  put(bucket: string, key: string, body: string): Promise<void>;
}

const refuse = (): Promise<never> =>
  Promise.reject(new Error('This Step Functions was opened without S3; give it `objects`.'));

export const NO_OBJECTS: Objects = { get: refuse, list: refuse, put: refuse };
