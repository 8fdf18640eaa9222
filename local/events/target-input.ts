/** What a target is given of an event: all of it, a fixed text, a part, or a template with parts in it. */
import * as z from 'zod';

export const targetInput = z.object({
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
});
export type TargetInput = z.output<typeof targetInput>;

/** @returns JSON */
export function inputFor({ Input, InputPath, InputTransformer }: TargetInput, event: object): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(at(event, InputPath) ?? null);
  if (!InputTransformer) return JSON.stringify(event);
  const values = new Map<string, unknown>([['aws.events.event.json', event]]);
  for (const [name, path] of Object.entries(InputTransformer.InputPathsMap)) values.set(name, at(event, path));
  return fill(InputTransformer.InputTemplate, values);
}

/** A placeholder alone becomes the value as JSON; within quotes it becomes the value's text. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  return template.replaceAll(/"(?:[^"\\]|\\.)*"|<([^<>]+)>/g, (part, name: string | undefined) =>
    name === undefined
      ? part.replaceAll(/<([^<>]+)>/g, (_, quoted: string) => JSON.stringify(textOf(values.get(quoted))).slice(1, -1))
      : JSON.stringify(values.get(name) ?? ''),
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** A path of names: `$.detail.status`. */
function at(event: object, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}
