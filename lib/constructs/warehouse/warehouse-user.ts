import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { NodeFunction } from '../functions/node-function.ts';
import { dataApiRights } from '../rights/data-api.ts';
import { generatedSecret } from '../secrets.ts';
import type { Warehouse } from './warehouse.ts';

const TIMEOUT = Duration.minutes(10);

export interface WarehouseUserProps {
  readonly username: string;
  readonly warehouse: Warehouse;
  /** Created where absent, and the user may use and create in them. */
  readonly schemas: readonly string[];
  /** The directory with the code that makes users and schemas. */
  readonly code: string;
}

/** The one user, no administrator, that every task works as. Created with its schemas at each deployment, where absent. */
export class WarehouseUser extends Construct {
  /** `{"username", "password"}` */
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, { username, warehouse, schemas, code }: WarehouseUserProps) {
    super(scope, id);
    this.secret = generatedSecret(this, 'Secret', {
      username,
      description: 'The user of the warehouse that tasks work as',
    });
    const secrets = [warehouse.adminSecret.secretArn, this.secret.secretArn];
    const creator = new NodeFunction(this, 'Creator', {
      name: 'warehouse-user',
      description: 'Creates the user and the schemas of the warehouse',
      code,
      environment: {},
      memorySize: 256,
      timeout: TIMEOUT,
      rights: [
        ...dataApiRights(warehouse.workgroupArn),
        { actions: ['secretsmanager:GetSecretValue'], resources: secrets },
      ],
    });
    new CustomResource(this, 'User', {
      resourceType: 'Custom::WarehouseUser',
      serviceToken: creator.function.functionArn,
      serviceTimeout: TIMEOUT,
      properties: {
        AdminSecretArn: warehouse.adminSecret.secretArn,
        UserSecretArn: this.secret.secretArn,
        Workgroup: warehouse.workgroup,
        Database: warehouse.database,
        Schemas: [...schemas],
      },
    });
  }
}
