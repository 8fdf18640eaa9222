/** One pipeline: a state machine, a function with a role of its own for each task type, and the rules around them. */
import type { Version } from 'aws-cdk-lib/aws-lambda';
import { Annotations, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  addedWaits,
  compile,
  distributedMapsOf,
  FUNCTION_TIMEOUT_SECONDS,
  hiddenFailures,
  priceLine,
  priceOf,
  restlessSensors,
  type StateMachine,
} from '#lib/asl/index.ts';
import { deadLetterQueue } from '#lib/constructs/events/dead-letter-queue.ts';
import { endRule } from '#lib/constructs/events/end-rule.ts';
import { addSchedules } from '#lib/constructs/events/schedules.ts';
import { COST_OF_NETWORK, type Databases, networkOf } from '#lib/constructs/functions/database-network.ts';
import { NodeFunction } from '#lib/constructs/functions/node-function.ts';
import { invokeRights, machineNamed, mapRunRights, pipelineMachine } from '#lib/constructs/pipeline-machine.ts';
import type { Platform } from '#lib/constructs/platform.ts';
import { declaredRights } from '#lib/constructs/rights/declared-rights.ts';
import { connectionsOf, taskEnvironment, taskRights } from '#lib/constructs/rights/task-rights.ts';
import type { Graph } from '#lib/dag/index.ts';
import { aslWarnings } from './asl-warnings.ts';
import { catchupLine } from './catchup.ts';
import type { Names } from './names.ts';
import { importPlatform } from './platform-parameters.ts';

export interface PipelineStackProps {
  readonly names: Names;
  readonly graph: Graph;
  /** The directory with the code of a task type's function. */
  readonly code: (type: string) => string;
  /** Somebody has confirmed that all that there is to catch up is run. */
  readonly isCatchupConfirmed: boolean;
  /** Whether somebody reads what the CDK's command line prints: price, warnings. */
  readonly isPrinted: boolean;
  /** PostgreSQL servers inside a VPC, by connection, those that the platform stack makes among them. */
  readonly databases: Databases;
}

export class PipelineStack extends Stack {
  constructor(scope: Construct, props: PipelineStackProps) {
    const { names, graph } = props;
    const name = names.pipeline(graph.id);
    super(scope, name, { description: `Sluice: the pipeline ${graph.id}` });
    const platform = importPlatform(this, names, aurorasOf(props));
    const versions = new Map(typesOf(graph).map((type) => [type, this.#function(props, platform, type)]));
    const machineArn = (pipeline: string) => machineNamed(this, names.pipeline(pipeline));
    const definition = compile(graph, {
      begin: platform.begin.functionArn,
      functionArn: (type) => versions.get(type)?.functionArn ?? '',
      machineArn,
    });
    const machine = pipelineMachine(this, 'Machine', {
      name,
      definition,
      rights: [
        { actions: ['lambda:InvokeFunction'], resources: [platform.begin.functionArn] },
        ...(versions.size > 0 ? [invokeRights([...versions.values()])] : []),
        ...declaredRights(
          this,
          graph.tasks.filter(({ job }) => job),
          names.pipeline,
        ),
        ...(distributedMapsOf(definition).length > 0 ? mapRunRights(name, graph.id, platform) : []),
      ],
    });
    const queue = deadLetterQueue(this, 'DeadLetters');
    const { schedule: cron, timeZone } = graph;
    if (cron !== null) addSchedules(this, { cron, timeZone, machine, deadLetterQueue: queue });
    endRule(this, 'Ended', { machine, handler: platform.end, deadLetterQueue: queue });
    this.#outputs(props, machine.stateMachineArn);
    if (props.isPrinted) this.#annotate(props, definition);
  }

  #function({ names, graph, code, databases }: PipelineStackProps, platform: Platform, type: string): Version {
    const tasks = graph.tasks.filter((task) => task.type === type);
    const database = networkOf(tasks, databases, platform);
    if (database && !database.isIsolated)
      Annotations.of(this).addInfoV2(`sluice:network:${type}`, `the ${type} tasks of ${graph.id} ${COST_OF_NETWORK}`);
    const { version } = new NodeFunction(this, type, {
      name: type,
      description: `The ${type} tasks of ${graph.id}`,
      code: code(type),
      environment: { POWERTOOLS_SERVICE_NAME: graph.id, ...taskEnvironment({ graph, type }, platform) },
      rights: [...taskRights({ graph, type }, platform), ...declaredRights(this, tasks, names.pipeline)],
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
      network: database?.network,
    });
    return version;
  }

  #annotate({ graph, isCatchupConfirmed: isConfirmed }: PipelineStackProps, definition: StateMachine): void {
    const price = priceOf(graph, definition);
    Annotations.of(this).addInfoV2('sluice:price', priceLine(price));
    const catchup = catchupLine(graph, { price, isConfirmed, now: new Date() });
    if (catchup !== undefined) Annotations.of(this).addInfoV2('sluice:catchup', catchup);
    for (const [n, told] of aslWarnings(definition).entries())
      Annotations.of(this).addWarningV2(`sluice:asl:${n}`, told);
    this.#tellWaits(graph);
    this.#tellHiddenFailures(graph);
    for (const task of restlessSensors(graph)) {
      const told = `${task} looks at the warehouse more often than every 10 minutes, which keeps it awake and paid for: see npx sluice cost`;
      Annotations.of(this).addWarningV2(`sluice:restless:${task}`, told);
    }
  }

  #tellWaits(graph: Graph): void {
    for (const { task, waitsFor } of addedWaits(graph)) {
      const told = `${task} begins after ${waitsFor.join(', ')} too, for which it need not wait: see docs/authoring.md`;
      Annotations.of(this).addInfoV2(`sluice:waits:${task}`, told);
    }
  }

  #tellHiddenFailures(graph: Graph): void {
    for (const { leaf, tasks } of hiddenFailures(graph)) {
      const more = tasks.length > NAMED ? ` and ${tasks.length - NAMED} more` : '';
      const told =
        `a run can succeed although ${tasks.slice(0, NAMED).join(', ')}${more} failed, since ${leaf} can end well ` +
        `all the same. Where such a run is to fail, let a task that nothing waits for wait for them: see docs/authoring.md`;
      Annotations.of(this).addWarningV2(`sluice:hidden:${leaf}`, told);
    }
  }

  #outputs(props: PipelineStackProps, machineArn: string): void {
    const { names, graph } = props;
    const { id: dagId, schedule, timeZone, startDate, endDate, catchup, tasks } = graph;
    const { secrets, databases } = connectionsOf(tasks);
    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });
    output('StateMachine', machineArn, 'The state machine that runs the pipeline');
    output('Dag', JSON.stringify({ dagId, schedule, timeZone, startDate, endDate, catchup }), 'When it runs');
    const auroras = aurorasOf(props);
    const filled = secrets.filter((name) => !auroras.includes(name));
    const connections = Object.fromEntries(filled.map((secret) => [secret, names.connection(secret)]));
    output('Connections', JSON.stringify(connections), 'The secrets to fill, by connection');
    if (databases.length > 0)
      output('Databases', JSON.stringify(databases), 'The connections that lead to a PostgreSQL database');
  }
}

/** The connections of a pipeline that lead to Aurora of the deployment's own. */
const aurorasOf = ({ graph, databases }: PipelineStackProps): string[] =>
  connectionsOf(graph.tasks).databases.filter((name) => databases[name]?.aurora);

/** So many tasks are named in a warning. */
const NAMED = 5;

/** The task types of a DAG that Lambdas carry out, each once, in order of appearance. */
export const typesOf = ({ tasks }: Graph): string[] => [
  ...new Set(tasks.flatMap(({ type, job }) => (type === null || job ? [] : [type]))),
];
