/** What the tasks of a type may touch in a pipeline, derived from what they declare. */
import { datasetPrefix, LAYERS, type Layer, ledgerOf } from '#lib/contract/keys.ts';
import type { Grant } from '#lib/contract/task-type.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import { dataApiRights } from './data-api.ts';
import { AppError } from './errors.ts';
import type { Right } from './exact-role.ts';
import { ACTIONS, absenceRight, listRight, objectRights } from './lake-rights.ts';
import type { Platform } from './platform.ts';

/** The one connection of type `redshift`: the warehouse of the deployment, as its user. */
const WAREHOUSE = 'warehouse';
const RAW = 'raw/';

/** A pipeline's tasks of one type, in their DAG. */
export interface TasksOfType {
  readonly graph: Graph;
  readonly type: string;
}

const tasksOf = ({ graph, type }: TasksOfType): GraphTask[] => graph.tasks.filter((task) => task.type === type);

interface Connections {
  /** Whether the tasks work on the warehouse. */
  readonly warehouse: boolean;
  /** Names of the other connections, each once. */
  readonly secrets: readonly string[];
}

/**
 * The connections that tasks use.
 * @throws AppError for a redshift connection that is not the deployment's warehouse
 */
export function connectionsOf(tasks: readonly GraphTask[]): Connections {
  const used = grantsOf(tasks).flatMap(({ to }) => ('connection' in to ? [to] : []));
  const strange = used.find(({ type, connection }) => (type === 'redshift') !== (connection === WAREHOUSE));
  if (strange) {
    throw new AppError(
      `The ${strange.type} connection '${strange.connection}': '${WAREHOUSE}' is the name of the deployment's only redshift connection, and of no other.`,
    );
  }
  const names = used.map(({ connection }) => connection).filter((name) => name !== WAREHOUSE);
  return { warehouse: used.some(({ connection }) => connection === WAREHOUSE), secrets: union(names) };
}

/** Variables of the functions' environment that say where those things are. */
export function taskEnvironment(of: TasksOfType, platform: Platform): Record<string, string> {
  const { warehouse, secrets } = connectionsOf(tasksOf(of));
  const ids = Object.fromEntries(secrets.map((name) => [name, platform.connection(name).secretName]));
  const all = warehouse ? { ...ids, [WAREHOUSE]: platform.warehouseSecret.secretArn } : ids;
  return {
    SLUICE_BUCKET: platform.bucket.bucketName,
    SLUICE_CONNECTIONS: JSON.stringify(all),
    ...(warehouse && {
      SLUICE_WORKGROUP: platform.workgroup,
      SLUICE_DATABASE: platform.database,
      SLUICE_COPY_ROLE: platform.copyRoleArn,
    }),
  };
}

/** The statements of the role of the type's function. */
export function taskRights(of: TasksOfType, platform: Platform): Right[] {
  const tasks = tasksOf(of);
  const { warehouse, secrets } = connectionsOf(tasks);
  const secretArns = [
    ...secrets.map((name) => platform.connection(name).secretArn),
    ...(warehouse ? [platform.warehouseSecret.secretArn] : []),
  ];
  return [
    ...ledgerRights(of.graph.id, platform),
    ...datasetRights(of, platform),
    ...(secretArns.length > 0 ? [{ actions: ['secretsmanager:GetSecretValue'], resources: secretArns }] : []),
    ...(warehouse ? dataApiRights(platform.workgroupArn) : []),
  ];
}

function ledgerRights(dagId: string, { bucket }: Platform): Right[] {
  const prefixes = [ledgerOf(dagId)];
  const reason =
    "The results of the pipeline's tasks, one object for each run and task: a dataset that each task shares.";
  return [...objectRights(bucket, { actions: ACTIONS.state, prefixes, reason }), absenceRight(bucket, prefixes)];
}

function datasetRights(of: TasksOfType, { bucket }: Platform): Right[] {
  const tasks = tasksOf(of);
  const under = (layer: Layer, names: readonly string[]) =>
    names.map((name) => datasetPrefix(layer, of.graph.id, name));
  const written = datasets(tasks, 'write');
  const read = datasets(tasks, 'read');
  const taken = datasets(tasks.flatMap(givers(of.graph)), 'write');
  const put = [...LAYERS.flatMap((layer) => under(layer, written.lake)), ...under('stage', written.tables)];
  return [
    ...objectRights(bucket, {
      actions: ACTIONS.write,
      prefixes: put,
      reason: 'Every object of a dataset that the tasks declare to write: each attempt has keys of its own.',
    }),
    ...objectRights(bucket, {
      actions: ACTIONS.read,
      prefixes: under('raw', union(written.lake, read.lake, taken.lake)),
      reason:
        'The raw and the manifests of a dataset that the tasks declare, or take from a task that declares it: each attempt has keys of its own.',
    }),
    // A run that goes from raw finds the attempts before it; one that asks for changes, whether an earlier run read a list.
    ...(written.lake.length > 0 ? [listRight(bucket, under('raw', written.lake))] : []),
  ];
}

/** The tasks whose outputs a task takes: what they wrote, it reads. */
const givers =
  (graph: Graph) =>
  ({ input, map }: GraphTask): GraphTask[] => {
    const roots = new Set(references([input, map?.over]));
    return graph.tasks.filter(({ id }) => roots.has(id));
  };

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { $ref } = value as { $ref?: readonly string[] };
  return $ref ? $ref.slice(0, 1) : Object.values(value).flatMap(references);
}

const grantsOf = (tasks: readonly GraphTask[]): Grant[] => tasks.flatMap(({ grants }) => grants);

interface Datasets {
  /** Names of prefixes of the lake: `raw/<name>`. */
  readonly lake: readonly string[];
  /** Warehouse tables. */
  readonly tables: readonly string[];
}

function datasets(tasks: readonly GraphTask[], access: 'read' | 'write'): Datasets {
  const of = grantsOf(tasks).filter((grant) => grant.access === access);
  const names = of.flatMap(({ to }) => ('dataset' in to ? [to.dataset] : []));
  const [lake, tables] = [names.filter((name) => name.startsWith(RAW)), names.filter((name) => !name.startsWith(RAW))];
  return { lake: union(lake.map((name) => name.slice(RAW.length))), tables: union(tables) };
}

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();
