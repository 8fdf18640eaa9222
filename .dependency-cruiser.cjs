const { existsSync, readdirSync } = require('node:fs');

/**
 * Which room may import which: the arrows of docs/architecture.md; type-only imports count too. A file that no room
 * holds may import nothing of the project.
 */
const PIPELINES = '^lib/pipelines/(load|pipeline)\\.ts$';
const TASK_TYPES = '^lambdas/tasks/[^/]+/task\\.ts$';
const ROOMS = [
  { name: 'contract', path: '^lib/contract/', to: [] },
  { name: 'time', path: '^lib/time/', to: ['^lib/contract/'] },
  { name: 'sql', path: '^lib/sql/', to: ['^lib/contract/'] },
  { name: 'runs', path: '^lib/runs/', to: ['^lib/(contract|time)/'] },
  { name: 'dag', path: '^lib/dag/', to: ['^lib/(contract|time|sql)/'] },
  { name: 'asl', path: '^lib/asl/', to: ['^lib/(contract|time|dag)/'] },
  { name: 'door-of-authors', path: '^lib/sluice/', to: ['^lib/(contract|time|dag)/'] },
  { name: 'drawing', path: '^lib/drawing/', to: ['^lib/(dag|asl)/'] },
  {
    name: 'pipelines',
    path: '^lib/pipelines/',
    to: ['^lib/(contract|dag)/', '^lib/sluice/', '^lambdas/sources/[^/]+/objects\\.ts$', TASK_TYPES],
  },
  { name: 'constructs', path: '^lib/constructs/', to: ['^lib/(contract|time|runs|dag|asl)/', TASK_TYPES] },
  { name: 'stacks', path: '^lib/stacks/', to: ['^lib/(contract|time|dag|asl|constructs)/', PIPELINES] },
  {
    name: 'cli',
    path: '^lib/cli/',
    to: [
      '^lib/',
      '^local/',
      '^lambdas/sources/(descriptor|index)\\.ts$',
      '^lambdas/warehouse/(engines/|(claims|session)\\.ts$)',
    ],
  },
  { name: 'bin', path: '^bin/', to: ['^lib/(contract|cli|stacks)/'] },
  { name: 'runtime', path: '^lambdas/runtime/', to: ['^lib/(contract|time|runs)/'] },
  { name: 'door-of-handlers', path: '^lambdas/sluice/', to: ['^lambdas/(runtime|lake|sources)/', '^lib/contract/'] },
  {
    name: 'sources',
    path: '^lambdas/sources/(?!([^/]+)/source\\.ts$)',
    to: ['^lambdas/(sources|runtime)/', '^lambdas/lake/formats/', '^lib/(contract|time|runs)/'],
  },
  {
    // A source's descriptor starts its stand-in.
    name: 'source-descriptors',
    path: '^lambdas/sources/([^/]+)/source\\.ts$',
    to: ['^lambdas/(sources|runtime)/', '^lib/contract/', '^local/sources/$1/'],
  },
  { name: 'lake', path: '^lambdas/lake/', to: ['^lambdas/runtime/', '^lib/(contract|time|runs)/'] },
  { name: 'warehouse', path: '^lambdas/warehouse/', to: ['^lambdas/(runtime|lake)/', '^lib/(contract|runs|sql)/'] },
  { name: 'run', path: '^lambdas/run/', to: ['^lambdas/runtime/', '^lib/(contract|time|runs)/'] },
  { name: 'platform', path: '^lambdas/platform/', to: ['^lambdas/(runtime|warehouse)/', '^lib/(contract|sql)/'] },
  {
    // Of a task type that gives authors functions too, they are in its checks.ts.
    name: 'task-types',
    path: '^lambdas/tasks/([^/]+)/(?:task|checks)\\.ts$',
    to: [
      '^lambdas/tasks/$1/(?!handler\\.ts$)',
      '^lib/(contract|time|sql)/',
      '^lib/sluice/',
      '^lambdas/sources/[^/]+/objects\\.ts$',
    ],
  },
  {
    // A task type never imports another: `$1` is the name of its own folder.
    name: 'tasks',
    path: '^lambdas/tasks/([^/]+)/(?!(?:task|checks)\\.ts$)',
    to: [
      '^lambdas/tasks/$1/',
      '^lambdas/sluice/',
      '^lambdas/(runtime|sources|lake|warehouse)/',
      '^lib/(contract|time|runs|sql)/',
    ],
  },
  { name: 'local', path: '^local/', to: [] },
  ...['machine', 'stepfunctions', 's3', 'redshift-data'].map((name) => ({ name, path: `^local/${name}/`, to: [] })),
];

/** Folders that are entered by their index.ts alone. That of lib/pipelines is the list of them, which authors write. */
const DOORS = ['lib', 'local', 'local/sources'].flatMap((parent) =>
  (existsSync(parent) ? readdirSync(parent) : [])
    .map((name) => `${parent}/${name}`)
    .filter((folder) => folder !== 'lib/pipelines' && existsSync(`${folder}/index.ts`)),
);

const PROJECT = '^(bin|lib|lambdas|local|test|bench|scripts)/';
const may = ({ name, path, to }) => ({
  name,
  severity: 'error',
  from: { path },
  to: { path: PROJECT, pathNot: [...(path.includes('(') ? [] : [path]), ...to] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-folder-cycles', scope: 'folder', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...ROOMS.map(may),
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|local)/', pathNot: ROOMS.map(({ path }) => path) },
      to: { path: PROJECT },
    },
    ...DOORS.map((folder) => ({
      name: `door-of-${folder}`,
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|local)/', pathNot: `^${folder}/` },
      to: { path: `^${folder}/`, pathNot: `^${folder}/index\\.ts$` },
    })),
    {
      name: 'door-of-local',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas)/' },
      to: {
        path: '^local/',
        pathNot: ['^local/(index|at-rest)\\.ts$', '^local/(stepfunctions|sources/[^/]+)/index\\.ts$'],
      },
    },
    {
      name: 'no-cdk-in-lambdas',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: 'aws-cdk-lib|constructs' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.sluice|cdk\\.out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
