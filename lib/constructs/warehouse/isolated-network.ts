import {
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { Aws, CfnCondition, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Redshift Serverless wants three subnets, each in a zone of its own where the region has three. */
export const SUBNETS = [0, 1, 2];
/** An account has two zones there, and Redshift Serverless takes three subnets over both. */
const TWO_ZONES = 'us-west-1';

export interface IsolatedNetworkProps {
  /** The ids of the zones of the three subnets. Without it, the first of the region. */
  readonly zones: readonly string[] | undefined;
  /** Who has the security group, as the beginning of a sentence. */
  readonly user: string;
}

/** A network from which one route leads out, to S3. */
export class IsolatedNetwork extends Construct {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Lets nothing in, and HTTPS out. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { zones, user }: IsolatedNetworkProps) {
    super(scope, id);
    const vpc = new CfnVPC(this, 'Vpc', { cidrBlock: '10.0.0.0/16', enableDnsSupport: true, enableDnsHostnames: true });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Nothing but a database and what works on it is in this network, whose only route leads to S3. It logs its connections.',
    });
    this.vpcId = vpc.ref;
    const routeTable = new CfnRouteTable(this, 'Routes', { vpcId: vpc.ref });
    new CfnVPCEndpoint(this, 'S3', {
      vpcId: vpc.ref,
      serviceName: `com.amazonaws.${Aws.REGION}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routeTable.ref],
    });
    const zoneOf = zones
      ? (at: number) => ({ availabilityZoneId: zones[at] ?? '' })
      : (at: number) => ({ availabilityZone: this.#zoneOfRegion(at) });
    this.subnetIds = SUBNETS.map((at) => {
      const subnet = new CfnSubnet(this, `Subnet${at}`, {
        vpcId: vpc.ref,
        ...zoneOf(at),
        cidrBlock: `10.0.${at}.0/24`,
        mapPublicIpOnLaunch: false,
      });
      new CfnSubnetRouteTableAssociation(subnet, 'Routes', { subnetId: subnet.ref, routeTableId: routeTable.ref });
      return subnet.ref;
    });
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0' };
    const securityGroup = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId: vpc.ref,
      groupDescription: `${user}: nothing comes in, and HTTPS goes out`,
      securityGroupEgress: [{ ...https, description: 'S3, through the gateway endpoint' }],
    });
    this.securityGroupId = securityGroup.attrGroupId;
  }

  /** The name of a zone of the region: the third subnet shares the first one's zone where there are two. */
  #zoneOfRegion(at: number): string {
    const select = (zone: number) => Fn.select(zone, Fn.getAzs());
    if (at < 2) return select(at);
    const isTwo = new CfnCondition(this, 'TwoZones', { expression: Fn.conditionEquals(Aws.REGION, TWO_ZONES) });
    return Fn.conditionIf(isTwo.logicalId, select(0), select(at)).toString();
  }
}
