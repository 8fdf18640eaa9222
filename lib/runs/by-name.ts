import * as z from 'zod';

/**
 * A JSON object whose names come from data, so that there may be any: a record's field may be called `constructor` or
 * `__proto__`. What it gives has its own names and no others: it inherits nothing.
 */
export const byName = <S extends z.ZodType>(schema: S) =>
  z
    .custom<Readonly<Record<string, z.output<S>>>>(isObject, { error: 'expected an object' })
    .transform((object, context) => {
      const values: Record<string, z.output<S>> = Object.create(null);
      for (const [name, value] of Object.entries(object)) {
        const parsed = schema.safeParse(value);
        if (parsed.success) values[name] = parsed.data;
        else
          for (const { message, path } of parsed.error.issues)
            context.addIssue({ code: 'custom', message, path: [name, ...path] });
      }
      return values;
    });

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
