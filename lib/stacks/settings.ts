/** The settings of a deployment: those of its stage in `sluice.config.ts`, and over them `-c name=value`. */
import type { Node } from 'constructs';
import * as z from 'zod';
import { AppError } from '#lib/constructs/errors.ts';
import { type Config, config, stageSettings, warehouseSettings } from '#lib/contract/config.ts';

const stageName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'is 1 to 16 lower-case letters and digits, beginning with a letter: -c stage=dev')
  .optional();

export type Settings = z.output<typeof stageSettings> & { readonly stage?: string | undefined };

/** As `-c` has them: texts, lists with commas, those of the warehouse each by itself. */
const LISTS = ['zones', 'pipelines', 'confirmedCatchups'] as const;
const WAREHOUSE = Object.keys(warehouseSettings.shape);

/**
 * @param written what `sluice.config.ts` exports; without it, every stage has the defaults
 * @throws AppError that lists every value that is wrong
 */
export function readSettings(node: Node, written?: Config): Settings {
  const context = (name: string): unknown => node.tryGetContext(name);
  const stage = stageName.safeParse(context('stage'));
  if (!stage.success)
    throw refused(stage.error.issues.map(({ message }) => `-c stage=${context('stage')}: ${message}`));
  const ofStage = stageOf(written, stage.data);
  const over = settingsOf(context);
  const warehouse = { ...ofStage.warehouse, ...over.warehouse };
  const all = { ...ofStage, ...over, warehouse: Object.keys(warehouse).length > 0 ? warehouse : undefined };
  const parsed = stageSettings.safeParse(all);
  if (!parsed.success) throw refused(parsed.error.issues.map((issue) => told(issue, context)));
  return { ...parsed.data, stage: stage.data };
}

/** @throws AppError for a stage that the file does not have, or what it should not */
function stageOf(written: Config | undefined, stage = 'default'): Partial<Settings> {
  if (written === undefined) return {};
  const parsed = config.safeParse(written);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => [...path, message].map(String).join(': '));
    throw new AppError(['Reading sluice.config.ts:', ...problems].join('\n  '));
  }
  const { stages } = parsed.data;
  if (Object.hasOwn(stages, stage)) return stages[stage] ?? {};
  throw new AppError(
    `There is no stage '${stage}' in sluice.config.ts, which has: ${Object.keys(stages).join(', ')}. Add it there.`,
  );
}

/** What the command line gives. */
function settingsOf(context: (name: string) => unknown): Record<string, unknown> & { warehouse: object } {
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (context(name) === undefined ? [] : [[name, context(name)]])));
  const lists = Object.entries(given(LISTS)).map(([name, text]) => [name, String(text).split(',')]);
  return { ...given(['email']), ...Object.fromEntries(lists), warehouse: given(WAREHOUSE) };
}

function told({ path, message, input }: z.core.$ZodIssue, context: (name: string) => unknown): string {
  const [field, inside] = path.map(String);
  if (field === 'warehouse' && inside !== undefined && input === undefined && context(inside) === undefined)
    return `${inside}: an existing warehouse takes all of ${WAREHOUSE.join(', ')}`;
  const name = field === 'warehouse' ? (inside ?? field) : (field ?? '');
  return context(name) === undefined ? `${path.join('.')}: ${message}` : `-c ${name}=${context(name)}: ${message}`;
}

const refused = (problems: readonly string[]): AppError =>
  new AppError(['Reading the settings of the app (sluice.config.ts, -c name=value):', ...problems].join('\n  '));
