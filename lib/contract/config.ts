/** `sluice.config.ts`: the settings of each stage. */
import * as z from 'zod';

const WORKGROUP_ARN = /^arn:[\w-]+:redshift-serverless:[\w-]+:\d{12}:workgroup\/[\w-]+$/;
const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/;

/** A warehouse that is there already. */
export const warehouseSettings = z.strictObject({
  /** The ARN of its workgroup. */
  workgroup: z
    .string()
    .regex(WORKGROUP_ARN, 'is the ARN of a Redshift Serverless workgroup (aws redshift-serverless list-workgroups)'),
  /** The name of the database in it. */
  database: z.string().regex(/^[a-z_][a-z0-9_$]*$/, 'is the name of a database, such as dev'),
  /** The whole ARN of the secret of an administrator of the database. */
  adminSecret: z
    .string()
    .regex(SECRET_ARN, 'is the whole ARN of the secret of an administrator of the database: {"username", "password"}'),
});

/** The network from which functions reach a PostgreSQL server that is not open to the internet. */
const networkSettings = z.strictObject({
  /** The ids of subnets from which the server, S3 and Secrets Manager can be reached. */
  subnets: z.array(z.string().regex(/^subnet-[0-9a-f]+$/, 'is the id of a subnet, such as subnet-0a1b2c3d')).min(1),
  /** The ids of the functions' security groups: the server's own must let them in. */
  securityGroups: z
    .array(z.string().regex(/^sg-[0-9a-f]+$/, 'is the id of a security group, such as sg-0a1b2c3d'))
    .min(1),
});

/** A PostgreSQL server that no secret leads to over the internet. */
const databaseSettings = z
  .strictObject({
    /** Of a server that is there. */
    network: networkSettings.optional(),
    /** The deployment makes the server itself: Aurora Serverless v2, which pauses while nobody is connected. */
    aurora: z.literal(true, 'is true, or left out').optional(),
  })
  .refine(
    ({ network, aurora }) => (network === undefined) !== (aurora === undefined),
    'has either a network, in which a server is, or aurora: true, which makes one',
  );
export type DatabaseSettings = z.output<typeof databaseSettings>;

export const stageSettings = z.strictObject({
  /** Who is told of failures. Without it, nobody. */
  email: z.email('is no e-mail address, such as team@example.com').optional(),
  /** Without it, the deployment has one of its own. */
  warehouse: warehouseSettings.optional(),
  /**
   * The ids of the three zones in which the deployment's own warehouse lies, such as `use1-az1`. Without it, the first
   * three of the region.
   */
  zones: z
    .array(z.string().regex(/^[a-z0-9]+-az\d+$/, 'is the id of a zone, such as use1-az1'))
    .length(3, 'are three zones')
    .optional(),
  /**
   * PostgreSQL servers inside a VPC, by the names of their connections. The server of a connection that is not named here
   * is reached over the internet, by TLS.
   */
  postgres: z.record(z.string(), databaseSettings).default({}),
  /** The pipelines that are deployed, by their names in `lib/pipelines/index.ts`. */
  pipelines: z.array(z.string()).default(['github-to-redshift']),
  /** The pipelines with `catchup` that may begin more than 500 runs when they are deployed. */
  confirmedCatchups: z.array(z.string()).default([]),
});

export const config = z.strictObject({
  /** By the stage's name, which `-c stage=<name>` chooses; `default` is the one without a name. */
  stages: z.record(z.string(), stageSettings).default({ default: stageSettings.parse({}) }),
});
export type Config = z.input<typeof config>;

/**
 * The settings of each stage, for `sluice.config.ts` at the project's root.
 *
 * @example
 * export default defineConfig({
 *   stages: {
 *     default: { email: 'team@example.com' },
 *     dev: { pipelines: ['github-to-redshift', 'year'] },
 *   },
 * });
 */
export const defineConfig = (settings: Config): Config => settings;
