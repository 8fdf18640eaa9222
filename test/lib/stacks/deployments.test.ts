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
  Object.entries(templates).flatMap(([stackName, { Resources, Outputs }]) => [
    stackName,
    ...Object.values(Resources).flatMap(({ Properties }) =>
      NAMES.map((name) => Properties?.[name]).filter((name) => typeof name === 'string'),
    ),
    ...Object.values(Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : [])),
  ]);

test('two stages have no name in common, of stacks, resources or exports', () => {
  expect(namesIn(dev)).toEqual(
    expect.arrayContaining(['Sluice-dev', 'Sluice-dev-stars', 'sluice-dev', 'Sluice-dev:Bucket']),
  );
  const both = namesIn(plain).filter((name) => namesIn(dev).includes(name));
  expect(both).toEqual([]);
});

test('the final snapshot of the warehouse is named by its stage too', () => {
  const [namespace] = Object.values(
    ofType(dev.templates['Sluice-dev'] as Template, 'AWS::RedshiftServerless::Namespace'),
  );
  expect(namespace?.Properties.FinalSnapshotName).toBe('sluice-dev-final');
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
