/** What all pipelines share: data lake, warehouse, secrets of connections, alerts, begin and end of runs. */
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Aurora, COST_OF_AURORA } from '#lib/constructs/aurora/aurora.ts';
import { RunFunctions } from '#lib/constructs/functions/run-functions.ts';
import { lakeBucket } from '#lib/constructs/lake.ts';
import { alertTopic } from '#lib/constructs/monitoring/alert-topic.ts';
import { connectionSecret } from '#lib/constructs/secrets.ts';
import { copyRole } from '#lib/constructs/warehouse/copy-role.ts';
import { IsolatedNetwork } from '#lib/constructs/warehouse/isolated-network.ts';
import { ServerlessWarehouse, type Warehouse } from '#lib/constructs/warehouse/warehouse.ts';
import { WarehouseUser } from '#lib/constructs/warehouse/warehouse-user.ts';
import type { Names } from './names.ts';
import { sharePlatform } from './platform-parameters.ts';
import type { Settings } from './settings.ts';

/** In a warehouse of the deployment's own. */
const DATABASE = 'sluice';

export interface PlatformStackProps {
  readonly names: Names;
  readonly settings: Settings;
  /** Names of the connections that pipelines use and that are secrets, the warehouse not among them. */
  readonly connections: readonly string[];
  /** Those of the warehouse in which pipelines have tables. */
  readonly schemas: readonly string[];
  /** Names of the connections that lead to Aurora of the deployment's own. */
  readonly auroras: readonly string[];
  /** Names of the pipelines' state machines. */
  readonly machines: readonly string[];
  /** The directories with the functions' code. */
  readonly code: {
    readonly begin: string;
    readonly end: string;
    readonly warehouseUser: string;
    readonly auroraUser: string;
    readonly usageLimit: string;
  };
}

export class PlatformStack extends Stack {
  constructor(scope: Construct, props: PlatformStackProps) {
    const { names, settings, machines, schemas, code } = props;
    super(scope, names.platform, {
      description: 'Sluice: data lake, warehouse, secrets and alerts of its pipelines',
    });
    const bucket = lakeBucket(this, 'Lake');
    const reader = copyRole(this, 'CopyReader', bucket);
    const warehouse = this.#warehouse(props, reader);
    const user = new WarehouseUser(this, 'User', {
      username: names.user,
      warehouse,
      schemas,
      code: code.warehouseUser,
    });
    if (settings.email === undefined)
      Annotations.of(this).addInfoV2(
        'sluice:email',
        'Nobody is told of failures: no email is set in sluice.config.ts.',
      );
    const topic = alertTopic(this, 'Alerts', { displayName: names.platform, email: settings.email });
    const { begin, end } = new RunFunctions(this, 'Runs', {
      bucket,
      topic,
      stack: names.inCommands,
      machines,
      code,
    });
    const connections = new Map(
      props.connections.map((name) => [name, connectionSecret(this, `Connection-${name}`, names.connection(name))]),
    );
    const shared = { bucket, warehouse, warehouseSecret: user.secret, copyRoleArn: reader.roleArn, topic };
    sharePlatform(this, names, { ...shared, begin, end, connections, ...this.#auroras(props) });
  }

  /** One network for all of them, so that a function may work on two. */
  #auroras({ names, settings, auroras, code }: PlatformStackProps) {
    if (auroras.length === 0) return { auroras: new Map<string, Aurora>(), auroraNetwork: undefined };
    const network = new IsolatedNetwork(this, 'AuroraNetwork', {
      zones: settings.zones,
      user: 'The functions that work on Aurora',
    });
    const made = auroras.map((connection) => {
      Annotations.of(this).addInfoV2(`sluice:aurora:${connection}`, `Aurora of ${connection} ${COST_OF_AURORA}.`);
      const name = `${names.warehouse}-${connection}`;
      const of = { connection, name, username: names.user, network, userCode: code.auroraUser };
      return [connection, new Aurora(this, `Aurora-${connection}`, of)] as const;
    });
    return { auroras: new Map(made), auroraNetwork: network };
  }

  #warehouse({ names, settings, code }: PlatformStackProps, reader: IRole): Warehouse {
    if (settings.warehouse === undefined) {
      return new ServerlessWarehouse(this, 'Warehouse', {
        name: names.warehouse,
        database: DATABASE,
        zones: settings.zones,
        copyRole: reader,
        limitCode: code.usageLimit,
      });
    }
    const { workgroup, database, adminSecret } = settings.warehouse;
    const secret = Secret.fromSecretCompleteArn(this, 'Admin', adminSecret);
    return { workgroup, workgroupArn: workgroup, database, adminSecret: secret };
  }
}
