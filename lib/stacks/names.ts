/** The names of a deployment. Those of two stages never collide. */
import { AppError } from '#lib/constructs/errors.ts';

/** Step Functions' limit for the name of a state machine, which is that of its stack. */
const LONGEST = 80;

export interface Names {
  readonly platform: string;
  readonly pipeline: (dagId: string) => string;
  /** Of the warehouse's namespace and workgroup. */
  readonly warehouse: string;
  /** Of the warehouse's user: a namespace has its users in common, so each deployment has its own. */
  readonly user: string;
  /** The secret of a connection. */
  readonly connection: (name: string) => string;
  /** The platform stack, where commands that functions tell people must name it. */
  readonly inCommands: string | undefined;
  /** In Systems Manager, of a value that the platform stack gives to those of the pipelines. */
  readonly parameter: (output: string) => string;
}

interface NamesOptions {
  readonly stage: string | undefined;
  /** Those that there are besides the one without a name. */
  readonly stages: readonly string[];
  /** Commands find the deployment by themselves. */
  readonly isHere: boolean;
}

export function namesOf({ stage, stages, isHere }: NamesOptions): Names {
  const platform = stage === undefined ? 'Sluice' : `Sluice-${stage}`;
  return {
    platform,
    pipeline: (dagId) => {
      if (stage === undefined) refuseCollision(dagId, stages);
      return stackName(platform, dagId);
    },
    warehouse: platform.toLowerCase(),
    user: platform.toLowerCase().replaceAll('-', '_'),
    connection: (name) => `${platform}/connections/${name}`,
    inCommands: isHere ? undefined : platform,
    parameter: (output) => `/${platform}/${output}`,
  };
}

/** Without a stage, the stack of a DAG `dev` is named as the stage `dev` is, and that of `dev-x` as its DAG `x` is. */
function refuseCollision(dagId: string, stages: readonly string[]): void {
  const taken = stages.find((stage) => dagId === stage || dagId.startsWith(`${stage}-`));
  if (taken === undefined) return;
  throw new AppError(
    `Naming the stack of the DAG '${dagId}': 'Sluice-${dagId}' is a name of the stage '${taken}' of sluice.config.ts. Rename the DAG or the stage.`,
  );
}

function stackName(platform: string, dagId: string): string {
  const name = `${platform}-${dagId}`;
  if (/^[A-Za-z0-9-]+$/.test(name) && name.length <= LONGEST) return name;
  throw new AppError(
    `Naming the stack of the DAG '${dagId}': '${name}' is not 1 to ${LONGEST} letters, digits and hyphens. Rename the DAG, or choose a shorter name for the stage.`,
  );
}
