import { afterAll, beforeAll, expect, test } from 'vitest';
import { stars } from '../../worlds/pipeline-of-tests.ts';
import {
  line,
  ofType,
  refusal,
  rightsOf,
  type Synthesized,
  synthesized,
  type Template,
} from '../../worlds/synthesized.ts';

const WORKGROUP = 'arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/0a1b2c3d-0000-1111-2222-333344445555';
const ADMIN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:warehouse/admin-AbCdEf';
const existing = { workgroup: WORKGROUP, database: 'analytics', adminSecret: ADMIN };

let plain: Synthesized;
let dev: Synthesized;
let shared: Synthesized;
beforeAll(async () => {
  const pipelines = stars();
  plain = await synthesized({ pipelines });
  dev = await synthesized({ pipelines, context: { stage: 'dev' } });
  shared = await synthesized({ pipelines, context: existing });
});
afterAll(() => {
  for (const app of [plain, dev, shared]) app.remove();
});

const NAMES = ['Name', 'BucketName', 'FunctionName', 'RoleName', 'StateMachineName', 'NamespaceName', 'WorkgroupName'];
const namesIn = ({ templates }: Synthesized): string[] =>
  Object.entries(templates).flatMap(([stackName, { Resources }]) => [
    stackName,
    ...Object.values(Resources).flatMap(({ Properties }) =>
      NAMES.map((name) => Properties?.[name]).filter((name) => typeof name === 'string'),
    ),
  ]);

test('two stages have no name in common, of stacks, resources or parameters', () => {
  expect(namesIn(dev)).toEqual(
    expect.arrayContaining(['Sluice-dev', 'Sluice-dev-stars', 'sluice-dev', '/Sluice-dev/Bucket']),
  );
  const both = namesIn(plain).filter((name) => namesIn(dev).includes(name));
  expect(both).toEqual([]);
});

test('the final snapshot of the warehouse is named by its stage, and as no other stack’s is', () => {
  const [namespace] = Object.values(
    ofType(dev.templates['Sluice-dev'] as Template, 'AWS::RedshiftServerless::Namespace'),
  );
  const { FinalSnapshotName } = namespace?.Properties ?? {};
  expect(line(FinalSnapshotName)).toMatch(/^sluice-dev-final-</);
  expect(JSON.stringify(FinalSnapshotName)).toContain('{"Ref":"AWS::StackId"}');
});

test('with an existing workgroup there is no warehouse and no network, and its parts are used in their place', () => {
  const { Resources, Outputs } = shared.templates['Sluice'] as Template;
  const types = Object.values(Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /RedshiftServerless|EC2/.test(type))).toEqual([]);
  expect([Outputs['Workgroup']?.Value, Outputs['Database']?.Value]).toEqual([WORKGROUP, 'analytics']);
  const user = Object.values(Resources).find(({ Type }) => Type === 'Custom::WarehouseUser');
  expect(user?.Properties).toMatchObject({ Workgroup: WORKGROUP, Database: 'analytics', AdminSecretArn: ADMIN });
  const creator = Object.entries(Resources).find(
    ([id, { Type }]) => Type === 'AWS::IAM::Role' && id.startsWith('UserCreator'),
  );
  expect(creator && rightsOf(creator[1])).toEqual(
    expect.arrayContaining([
      `Allow redshift-data:ExecuteStatement ${WORKGROUP}`,
      `Allow secretsmanager:GetSecretValue ${ADMIN}`,
    ]),
  );
  expect(line(Outputs['CopyRole']?.Value)).toMatch(/^<CopyReader/);
});

test('no stack imports what another exports: CloudFormation would refuse to change or remove it', () => {
  for (const { templates } of [plain, dev, shared]) {
    expect(JSON.stringify(templates)).not.toMatch(/Fn::ImportValue|"Export"/);
  }
});

test('every parameter that a pipeline’s stack reads is one that its platform stack writes', () => {
  for (const { templates } of [plain, dev, shared]) {
    const written = Object.values(templates).flatMap((template) =>
      Object.values(ofType(template, 'AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name),
    );
    const read = Object.values(templates).flatMap(({ Parameters }) =>
      Object.entries(Parameters).flatMap(([name, { Default }]) => (name.startsWith('Platform') ? [Default] : [])),
    );
    expect(read.length).toBeGreaterThan(5);
    for (const name of read) expect(written).toContain(name);
  }
});

test('integrations of Step Functions are named in the partition that the stack is deployed to', () => {
  const machines = ofType(plain.templates['Sluice-stars'] as Template, 'AWS::StepFunctions::StateMachine');
  const definition = line(Object.values(machines)[0]?.Properties.DefinitionString);
  expect(definition).toContain('"Resource":"arn:<AWS::Partition>:states:::lambda:invoke"');
  expect(definition).not.toContain('arn:aws:');
});

test('no template names an account or a region', () => {
  const { Resources } = plain.templates['Sluice'] as Template;
  expect(JSON.stringify(Resources)).not.toMatch(/\b\d{12}\b|us-east-1/);
});

test.each([
  [{ stage: 'Dev' }, '-c stage=Dev: is 1 to 16 lower-case letters'],
  [{ email: 'team' }, '-c email=team: is no e-mail address'],
  [{ ...existing, workgroup: 'main' }, '-c workgroup=main: is the ARN of a Redshift Serverless workgroup'],
  [{ workgroup: WORKGROUP }, 'an existing warehouse takes all of workgroup, database, adminSecret'],
  [{ ...existing, adminSecret: 'admin' }, '-c adminSecret=admin: is the whole ARN'],
])('the context %j is refused', async (context, message) => {
  expect(await refusal({ pipelines: stars(), context })).toContain(message);
});

const ofStages = (dagId: string) => {
  const config = { stages: { default: { pipelines: [] }, dev: {} } };
  return refusal({ pipelines: stars({ dagId }), config });
};

test.each(['dev', 'dev-stars'])(
  'a DAG %s whose stack would be named as one of the stage dev is refused',
  async (id) => {
    expect(await ofStages(id)).toContain(`'Sluice-${id}' is a name of the stage 'dev'`);
  },
);

test('a redshift connection other than the deployment’s warehouse is refused', async () => {
  expect(await refusal({ pipelines: stars({ warehouse: 'second' }) })).toContain("redshift connection 'second'");
});

test('a SQL file whose names are not those of its task is refused', async () => {
  const sql = { file: 'sql/github-to-redshift/open_issue_count.sql', params: { day: '2026-01-01' } } as const;
  const message = await refusal({ pipelines: stars({ sql }) });
  expect(message).toMatch(/report: .*open_issue_count\.sql.*:time_zone/);
  expect(message).toContain(':day');
});

test('without a schedule nothing starts the machine by itself', async () => {
  const app = await synthesized({ pipelines: stars({ options: { schedule: null } }) });
  app.remove();
  const rules = Object.keys(ofType(app.templates['Sluice-stars'] as Template, 'AWS::Events::Rule'));
  expect(rules).toEqual([expect.stringMatching(/^Ended/)]);
});
