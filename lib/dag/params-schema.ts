import * as z from 'zod';

/**
 * What the params of a run may be, as JSON Schema: what is told of each, and that there are no others. What only code
 * says (refinements, transforms) is not in it.
 */
export function paramsSchema(params: z.ZodObject = z.object({})): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(params.strict(), {
    io: 'output',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // The one says what the other does: a date's format is shorter to read, any other pattern is more exact.
      if (jsonSchema.format === undefined || jsonSchema.pattern === undefined) return;
      delete jsonSchema[jsonSchema.format === 'date' ? 'pattern' : 'format'];
    },
  });
  return schema;
}
