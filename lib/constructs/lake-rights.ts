/** Rights to parts of the data lake. */
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Right } from './exact-role.ts';

export const ACTIONS = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject'],
  /** Conditional writes of small objects that are read again. */
  state: ['s3:GetObject', 's3:PutObject'],
} as const;

export interface LakeAccess {
  readonly actions: readonly string[];
  /** Each ends in '/'. */
  readonly prefixes: readonly string[];
  /** Why everything under the prefixes. */
  readonly reason: string;
}

export const objectRights = (bucket: IBucket, { actions, prefixes, reason }: LakeAccess): Right[] =>
  prefixes.length === 0
    ? []
    : [{ actions, resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)), wildcards: reason }];

/**
 * To list these prefixes, and to be told 'not found' of a key that is absent: without s3:ListBucket S3 answers
 * AccessDenied. A GetObject request has no prefix, hence IfExists.
 */
export const listRight = (bucket: IBucket, prefixes: readonly string[]): Right => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.bucketArn],
  conditions: { StringLikeIfExists: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
});
