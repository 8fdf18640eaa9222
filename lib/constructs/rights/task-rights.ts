/** What the tasks of a type may touch in a pipeline, derived from what they declare. */

import type { Dataset, Grant } from '#lib/contract/fields.ts';
import type { Right } from '#lib/contract/rights.ts';
import type { Graph, GraphTask } from '#lib/dag/index.ts';
import {
  datasetPrefix,
  LAYERS,
  type Layer,
  ledgerOf,
  publishedPrefix,
  runRecordPrefix,
  tokenLockPrefix,
} from '#lib/runs/keys.ts';
import { AppError } from '../errors.ts';
import type { AuroraServer, Platform } from '../platform.ts';
import { dataApiRights } from './data-api.ts';
import { ACTIONS, absenceRight, bucketNamed, listRight, objectRights } from './lake-rights.ts';

/** The one connection of type `redshift`: the warehouse of the deployment, as its user. */
const WAREHOUSE = 'warehouse';
/** The one connection of type `email`: the deployment's topic of alerts. */
const ALERTS = 'alerts';
const OWN = { redshift: WAREHOUSE, email: ALERTS };
/** The type of connections whose tokens tasks refresh, and write into their secrets. */
const REFRESHED = 'oauth2';

/** A pipeline's tasks of one type, in their DAG. */
export interface TasksOfType {
  readonly graph: Graph;
  readonly type: string;
}

const tasksOf = ({ graph, type }: TasksOfType): GraphTask[] => graph.tasks.filter((task) => task.type === type);

interface Connections {
  /** Whether the tasks work on the warehouse. */
  readonly warehouse: boolean;
  /** Whether they send mails. */
  readonly alerts: boolean;
  /** Names of the other connections, each once. */
  readonly secrets: readonly string[];
  /** Those of them whose tokens the tasks refresh. */
  readonly refreshed: readonly string[];
  /** Those among them that lead to a PostgreSQL database. */
  readonly databases: readonly string[];
}

/**
 * The connections that tasks use.
 * @throws AppError for a redshift or email connection that is not the deployment's own
 */
export function connectionsOf(tasks: readonly GraphTask[]): Connections {
  const used = grantsOf(tasks).flatMap(({ to }) => ('connection' in to ? [to] : []));
  for (const [type, name] of Object.entries(OWN)) {
    const strange = used.find((one) => (one.type === type) !== (one.connection === name));
    if (strange) {
      throw new AppError(
        `The ${strange.type} connection '${strange.connection}': '${name}' is the name of the deployment's only ${type} connection, and of no other.`,
      );
    }
  }
  const names = union(used.map(({ connection }) => connection));
  return {
    warehouse: names.includes(WAREHOUSE),
    alerts: names.includes(ALERTS),
    secrets: names.filter((name) => !Object.values(OWN).includes(name)),
    refreshed: union(used.filter(({ type }) => type === REFRESHED).map(({ connection }) => connection)),
    databases: union(used.flatMap(({ type, connection }) => (type === 'postgres' ? [connection] : []))),
  };
}

/** Variables of the functions' environment that say where those things are. */
export function taskEnvironment(of: TasksOfType, platform: Platform): Record<string, string> {
  const { warehouse, alerts, secrets } = connectionsOf(tasksOf(of));
  const [auroras, others] = splitAuroras(secrets, platform);
  const ids = Object.fromEntries(others.map((name) => [name, platform.connection(name).secretName]));
  const all = warehouse ? { ...ids, [WAREHOUSE]: platform.warehouseSecret.secretArn } : ids;
  return {
    SLUICE_BUCKET: platform.bucket.bucketName,
    SLUICE_CONNECTIONS: JSON.stringify(all),
    ...(platform.stack !== undefined && { SLUICE_STACK: platform.stack }),
    ...(warehouse && {
      SLUICE_WORKGROUP: platform.workgroup,
      SLUICE_DATABASE: platform.database,
      SLUICE_COPY_ROLE: platform.copyRoleArn,
    }),
    ...(alerts && { SLUICE_TOPIC: platform.topicArn }),
    ...(auroras.length > 0 && { SLUICE_AURORA: JSON.stringify(Object.fromEntries(auroras.map(addressOf))) }),
  };
}

type Aurora = readonly [name: string, server: AuroraServer];
const addressOf = ([name, { host, dbname, username }]: Aurora) => [name, { host, dbname, username }] as const;

/** The connections that lead to Aurora, and those that are secrets. */
function splitAuroras(names: readonly string[], { auroras }: Platform): [Aurora[], string[]] {
  const found = names.flatMap((name): Aurora[] => {
    const server = auroras.get(name);
    return server ? [[name, server]] : [];
  });
  return [found, names.filter((name) => !auroras.has(name))];
}

/** The statements of the role of the type's function. */
export function taskRights(of: TasksOfType, platform: Platform): Right[] {
  const tasks = tasksOf(of);
  const { warehouse, alerts, secrets, refreshed } = connectionsOf(tasks);
  const [auroras, others] = splitAuroras(secrets, platform);
  const secretArns = [
    ...others.map((name) => platform.connection(name).secretArn),
    ...(warehouse ? [platform.warehouseSecret.secretArn] : []),
  ];
  return [
    ...ledgerRights(of.graph.id, platform),
    ...datasetRights(of, platform),
    ...locationRights(tasks),
    ...runRecordRights(tasks, platform),
    ...(secretArns.length > 0 ? [{ actions: ['secretsmanager:GetSecretValue'], resources: secretArns }] : []),
    ...(auroras.length > 0
      ? [{ actions: ['rds-db:connect'], resources: auroras.map(([, { userArn }]) => userArn) }]
      : []),
    ...tokenRights(refreshed, platform),
    ...(warehouse ? dataApiRights(platform.workgroupArn) : []),
    ...(alerts ? [{ actions: ['sns:Publish'], resources: [platform.topicArn] }] : []),
  ];
}

/** To refresh tokens, one attempt at a time, and to store them. */
function tokenRights(connections: readonly string[], { bucket, connection }: Platform): Right[] {
  if (connections.length === 0) return [];
  const prefixes = connections.map(tokenLockPrefix);
  const reason = 'The locks of a connection: one for each secret that the connection has in some run.';
  return [
    { actions: ['secretsmanager:PutSecretValue'], resources: connections.map((name) => connection(name).secretArn) },
    ...objectRights(bucket, { actions: ACTIONS.state, prefixes, reason }),
    absenceRight(bucket, prefixes),
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
      actions: ACTIONS.write,
      prefixes: written.isPublished ? [publishedPrefix(of.graph.id)] : [],
      reason: 'Every file that the pipeline publishes: each has a key that stays the same, and one for each date.',
    }),
    ...objectRights(bucket, {
      actions: ACTIONS.read,
      prefixes: under('raw', union(written.lake, read.lake, taken.lake)),
      reason:
        'The raw and the manifests of a dataset that the tasks declare, or take from a task that declares it: each attempt has keys of its own.',
    }),
    ...objectRights(bucket, {
      actions: ACTIONS.read,
      // Redshift copies them itself, under a role of its own.
      prefixes: connectionsOf(tasks).databases.length > 0 ? under('stage', taken.lake) : [],
      reason: 'The staged files of a dataset that the tasks load into PostgreSQL: each attempt has keys of its own.',
    }),
    // A run that goes from raw finds the attempts before it, and others what an earlier run took of the same list.
    ...(written.lake.length > 0 ? [listRight(bucket, under('raw', written.lake))] : []),
  ];
}

/** Objects of other buckets. */
function locationRights(tasks: readonly GraphTask[]): Right[] {
  const locations = grantsOf(tasks).flatMap(({ to }) => ('bucket' in to ? [to] : []));
  return [...Map.groupBy(locations, ({ bucket }) => bucket)].flatMap(([name, of]) => {
    const [bucket, prefixes] = [bucketNamed(name), union(of.map(({ prefix }) => prefix))];
    const reason = 'Every object under a prefix that the tasks declare to read: its keys are of another system.';
    return [...objectRights(bucket, { actions: ACTIONS.read, prefixes, reason }), listRight(bucket, prefixes)];
  });
}

/** How other pipelines' runs ended. */
function runRecordRights(tasks: readonly GraphTask[], { bucket }: Platform): Right[] {
  const read = grantsOf(tasks).flatMap(({ access, to }) =>
    access === 'read' && 'pipeline' in to ? [to.pipeline] : [],
  );
  const prefixes = union(read.map(runRecordPrefix));
  if (prefixes.length === 0) return [];
  const reason = 'The records of all runs of a pipeline that the tasks declare to read: one object for each run.';
  return [...objectRights(bucket, { actions: ACTIONS.read, prefixes, reason }), absenceRight(bucket, prefixes)];
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
  /** Names of datasets of the lake. */
  readonly lake: readonly string[];
  /** Warehouse tables. */
  readonly tables: readonly string[];
  /** Whether what the pipeline publishes is among them. */
  readonly isPublished: boolean;
}

function datasets(tasks: readonly GraphTask[], access: 'read' | 'write'): Datasets {
  const of = grantsOf(tasks).filter((grant) => grant.access === access);
  const ofKind = (kind: Dataset['kind']) =>
    union(of.flatMap(({ to }) => ('dataset' in to && to.kind === kind ? [to.dataset] : [])));
  return { lake: ofKind('lake'), tables: ofKind('table'), isPublished: ofKind('published').length > 0 };
}

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();
