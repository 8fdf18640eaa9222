import {
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { Aws, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Redshift Serverless wants three zones. */
const ZONES = [0, 1, 2];

/** A network from which one route leads out, to S3. */
export class IsolatedNetwork extends Construct {
  readonly subnetIds: readonly string[];
  /** Lets nothing in, and HTTPS out. */
  readonly securityGroupId: string;

  /** @param zones the ids of three; without it, the first three of the region */
  constructor(scope: Construct, id: string, zones?: readonly string[]) {
    super(scope, id);
    const vpc = new CfnVPC(this, 'Vpc', { cidrBlock: '10.0.0.0/16', enableDnsSupport: true, enableDnsHostnames: true });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'Nothing but the workgroup is in this network, and its only route leads to S3. It logs its connections.',
    });
    const routeTable = new CfnRouteTable(this, 'Routes', { vpcId: vpc.ref });
    new CfnVPCEndpoint(this, 'S3', {
      vpcId: vpc.ref,
      serviceName: `com.amazonaws.${Aws.REGION}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routeTable.ref],
    });
    this.subnetIds = ZONES.map((zone) => {
      const subnet = new CfnSubnet(this, `Subnet${zone}`, {
        vpcId: vpc.ref,
        ...(zones ? { availabilityZoneId: zones[zone] ?? '' } : { availabilityZone: Fn.select(zone, Fn.getAzs()) }),
        cidrBlock: `10.0.${zone}.0/24`,
        mapPublicIpOnLaunch: false,
      });
      new CfnSubnetRouteTableAssociation(subnet, 'Routes', { subnetId: subnet.ref, routeTableId: routeTable.ref });
      return subnet.ref;
    });
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0' };
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId: vpc.ref,
      groupDescription: 'The warehouse: nothing comes in, and HTTPS goes out',
      securityGroupEgress: [{ ...https, description: 'S3, through the gateway endpoint' }],
    });
    this.securityGroupId = securityGroup.attrGroupId;
  }
}
