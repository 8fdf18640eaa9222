/** Which folder may import which. The arrows are those of docs/architecture.md; type-only imports count too. */
const may = (name, from, ...to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(bin|lib|lambdas|local|test|bench|scripts)/', pathNot: [from, ...to] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    may('contract-imports-nothing', '^lib/contract/'),
    may('dag', '^lib/dag/', '^lib/contract/'),
    may('asl', '^lib/asl/', '^lib/(contract|dag)/'),
    may('pipelines', '^lib/pipelines/', '^lib/(dag|contract)/', '^lambdas/tasks/[^/]+/task\\.ts$'),
    may('constructs', '^lib/constructs/', '^lib/(contract|dag|asl|pipelines)/', '^lambdas/tasks/[^/]+/task\\.ts$'),
    may('stacks', '^lib/stacks/', '^lib/(contract|dag|asl|pipelines|constructs)/'),
    may('cli', '^lib/cli/', '^lib/', '^local/'),
    may('runtime', '^lambdas/runtime/', '^lib/contract/'),
    may('lake', '^lambdas/lake/', '^lambdas/runtime/', '^lib/contract/'),
    may('warehouse', '^lambdas/warehouse/', '^lambdas/(runtime|lake)/', '^lib/contract/'),
    may('run', '^lambdas/run/', '^lambdas/runtime/', '^lib/contract/'),
    may('task-contracts', '^lambdas/tasks/[^/]+/task\\.ts$', '^lib/contract/'),
    {
      name: 'a-task-never-imports-another',
      severity: 'error',
      from: { path: '^lambdas/tasks/([^/]+)/' },
      to: {
        path: '^(bin|lib|lambdas|local|test)/',
        pathNot: ['^lambdas/tasks/$1/', '^lambdas/(runtime|lake|warehouse)/', '^lib/contract/'],
      },
    },
    {
      name: 'no-cdk-in-lambdas',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: 'aws-cdk-lib|constructs' },
    },
    may('local-imports-nothing-of-sluice', '^local/'),
    may('stepfunctions-stands-alone', '^local/stepfunctions/'),
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas|local)/' },
      to: { path: '^(test|bench)/' },
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
