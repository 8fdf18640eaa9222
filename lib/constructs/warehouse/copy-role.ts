import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { exactRole } from '../rights/exact-role.ts';
import { ACTIONS, listRight, objectRights } from '../rights/lake-rights.ts';

const STAGE = ['stage/'];

/** What COPY reads staged files with. The namespace of the warehouse must have it among its roles. */
export const copyRole = (scope: Construct, id: string, bucket: IBucket): Role =>
  exactRole(scope, id, {
    services: ['redshift-serverless', 'redshift'],
    rights: [
      ...objectRights(bucket, {
        actions: ACTIONS.read,
        prefixes: STAGE,
        reason: 'Staged files of every pipeline: one warehouse loads them all.',
      }),
      listRight(bucket, STAGE),
    ],
  });
