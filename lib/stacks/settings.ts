/** What a deployment is told by `-c name=value`. */
import type { Node } from 'constructs';
import * as z from 'zod';
import { AppError } from '#lib/constructs/errors.ts';

const WORKGROUP_ARN = /^arn:[\w-]+:redshift-serverless:[\w-]+:\d{12}:workgroup\/[\w-]+$/;
const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/;

const settings = z
  .object({
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,15}$/, 'is 1 to 16 lower-case letters and digits, beginning with a letter: -c stage=dev')
      .optional(),
    email: z.email('is no e-mail address: -c email=team@example.com').optional(),
    workgroup: z
      .string()
      .regex(WORKGROUP_ARN, 'is the ARN of a Redshift Serverless workgroup (aws redshift-serverless list-workgroups)')
      .optional(),
    database: z
      .string()
      .regex(/^[a-z_][a-z0-9_$]*$/, 'is the name of a database: -c database=dev')
      .optional(),
    adminSecret: z
      .string()
      .regex(SECRET_ARN, 'is the whole ARN of the secret of an administrator of the database: {"username", "password"}')
      .optional(),
  })
  .check(({ value, issues }) => {
    const given = (['workgroup', 'database', 'adminSecret'] as const).filter((name) => value[name] !== undefined);
    if (given.length === 0 || given.length === 3) return;
    const message = 'an existing warehouse takes all of workgroup, database and adminSecret';
    issues.push({ code: 'custom', path: [...given.slice(0, 1)], input: value, message });
  });
export type Settings = z.output<typeof settings>;

/**
 * The settings in the context of an app.
 * @throws AppError that lists every value that is wrong
 */
export function readSettings(node: Node): Settings {
  const given = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, node.tryGetContext(name)]));
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `  -c ${name}=${given[name]}: ${message}`;
  });
  throw new AppError(['Reading the settings of the app (-c name=value):', ...problems].join('\n'));
}
