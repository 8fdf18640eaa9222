import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from './bucket.ts';
import { S3Error } from './errors.ts';

const NAME = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** All buckets, each a folder of `dir`. */
export class Store {
  readonly #dir: string;
  readonly #buckets = new Map<string, Bucket>();

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (entry.isDirectory() && existsSync(join(dir, entry.name, '.s3'))) this.#open(entry.name);
    }
  }

  buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  bucket(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket) return bucket;
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
  }

  /** Creates a bucket; one that exists stays as it is, as in us-east-1. */
  create(name: string): Bucket {
    if (!NAME.test(name)) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
    }
    return this.find(name) ?? this.#open(name);
  }

  close(): void {
    for (const bucket of this.#buckets.values()) bucket.close();
  }

  #open(name: string): Bucket {
    const bucket = new Bucket(this.#dir, name);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
