import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Staged files can be made again from the raw ones at any time. */
const STAGE_EXPIRES = Duration.days(30);

/** The data lake: raw records, staged files, quarantine, and the state of runs. Stays when its stack is deleted. */
export function lakeBucket(scope: Construct, id: string): IBucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // A deployment that is rolled back takes its empty bucket with it.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    lifecycleRules: [
      { id: 'ExpireStage', prefix: 'stage/', expiration: STAGE_EXPIRES },
      { id: 'AbortUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only the roles of this app read or write the bucket, each its own prefixes, and every object says which run wrote it. Access logs would cost a second bucket that nobody reads.',
  });
  return bucket as IBucket;
}
