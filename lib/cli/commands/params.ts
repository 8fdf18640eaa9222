/** Params as typed at the keyboard: `--param name=value`. */
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { pipelineNames } from '#lib/pipelines/load.ts';
import { UsageError } from '../errors.ts';
import { pipelineNamed } from '../simulate/compiled.ts';

/** Gathers one `--param name=value` more. */
export function addParam(given: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [name]: value };
}

/**
 * The params as the DAG declares them: a text where it takes one, otherwise what the text means as JSON.
 * @throws UsageError naming each param that the DAG does not have or that does not fit
 */
export async function readParams(dagId: string, given: Record<string, string>): Promise<Record<string, unknown>> {
  const isKnown = pipelineNames().includes(dagId);
  const schema: z.ZodObject = (isKnown ? (await pipelineNamed(dagId)).dag.options.params : undefined) ?? z.object({});
  const values = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [
      name,
      schema.shape[name]?.safeParse(text).success ? text : json(text),
    ]),
  );
  const parsed = schema.strict().partial().safeParse(values);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape).join(', ') || 'none';
  const wrong = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
  throw new UsageError(`--param: ${wrong} (params of ${dagId}: ${known})`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
