/** A CloudFormation template, as far as a cloud assembly of the CDK uses it. */
import * as z from 'zod';

const properties = z.record(z.string(), z.unknown());

const resource = z.object({
  Type: z.string(),
  Properties: properties.default({}),
  DependsOn: z
    .union([z.string(), z.array(z.string())])
    .transform((names) => [names].flat())
    .default([]),
  Condition: z.string().optional(),
});
export type Resource = z.output<typeof resource>;

const output = z.object({
  Value: z.unknown(),
  Description: z.string().optional(),
  Export: z.object({ Name: z.unknown() }).optional(),
  Condition: z.string().optional(),
});

export const template = z.object({
  Description: z.string().optional(),
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), properties)).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resource).default({}),
  Outputs: z.record(z.string(), output).default({}),
  Transform: z.undefined('macros and transforms are not supported by the embedded AWS').optional(),
});
export type Template = z.output<typeof template>;
