/** Rights to parts of a bucket: the data lake, or one that is not Sluice's. */
import { Aws } from 'aws-cdk-lib/core';
import type { Right } from '#lib/contract/rights.ts';

interface Bucket {
  readonly bucketArn: string;
  arnForObjects(keys: string): string;
}

/** A bucket by its name. */
export function bucketNamed(name: string): Bucket {
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${name}`;
  return { bucketArn, arnForObjects: (keys) => `${bucketArn}/${keys}` };
}

export const ACTIONS = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject'],
  /** Conditional writes of small objects that are read again. */
  state: ['s3:GetObject', 's3:PutObject'],
} as const;

export interface LakeAccess {
  readonly actions: readonly string[];
  /** In the lake, each ends in '/'. */
  readonly prefixes: readonly string[];
  /** Why everything under the prefixes. */
  readonly reason: string;
}

export const objectRights = (bucket: Bucket, { actions, prefixes, reason }: LakeAccess): Right[] =>
  prefixes.length === 0
    ? []
    : [{ actions, resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)), wildcards: reason }];

/**
 * To be told 'not found' of a key that is absent, for which S3 answers AccessDenied without s3:ListBucket, and to list
 * these prefixes. A GetObject request has no prefix, hence IfExists; with it the names of all keys can be listed too,
 * by a request that names no prefix. Their contents cannot be read.
 */
export const absenceRight = (bucket: Bucket, prefixes: readonly string[]): Right =>
  listing(bucket, { StringLikeIfExists: { 's3:prefix': prefixes.map(under) } });

/** To list these prefixes and no others. */
export const listRight = (bucket: Bucket, prefixes: readonly string[]): Right =>
  listing(bucket, { StringLike: { 's3:prefix': prefixes.map(under) } });

const under = (prefix: string): string => `${prefix}*`;

const listing = (bucket: Bucket, conditions: NonNullable<Right['conditions']>): Right => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.bucketArn],
  conditions,
});
