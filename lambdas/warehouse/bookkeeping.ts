/** The tables of schema `sluice`: what Sluice itself knows of a warehouse. Both are only ever inserted into. */
import type { Dialect } from './dialect.ts';

/**
 * One row for each table that a load filled, a child table's beside its parent's. Instants are UTC. Held before the
 * load commits: extracted = staged + quarantined, staged = inserted + updated + older + duplicates, and the table has
 * `total` rows.
 */
const LOADS = `CREATE TABLE IF NOT EXISTS sluice.loads (
  table_name varchar(256) NOT NULL,
  dag_id varchar(256) NOT NULL,
  run_id varchar(64) NOT NULL,
  task_id varchar(512) NOT NULL,
  clearing int4 NOT NULL,
  n int4 NOT NULL,
  logical_date timestamp NOT NULL,
  interval_start timestamp NOT NULL,
  mode varchar(16) NOT NULL,
  manifests int4 NOT NULL,
  extracted int8 NOT NULL,
  quarantined int8 NOT NULL,
  staged int8 NOT NULL,
  inserted int8 NOT NULL,
  updated int8 NOT NULL,
  older int8 NOT NULL,
  duplicates int8 NOT NULL,
  deleted int8 NOT NULL,
  total int8 NOT NULL,
  loaded_at timestamp NOT NULL
)`;

const CLAIMS = `CREATE TABLE IF NOT EXISTS sluice.claims (
  dag_id varchar(256) NOT NULL,
  run_id varchar(64) NOT NULL,
  task_id varchar(512) NOT NULL,
  clearing int4 NOT NULL,
  n int4 NOT NULL,
  claimed_at timestamp NOT NULL
)`;

export const createBookkeeping = (dialect: Dialect): string[] => [dialect.createSchema('sluice'), LOADS, CLAIMS];
