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
  /** A value that the platform stack exports. */
  readonly exported: (output: string) => string;
}

/** @param isHere commands find the deployment by themselves */
export function namesOf(stage: string | undefined, isHere: boolean): Names {
  const platform = stage === undefined ? 'Sluice' : `Sluice-${stage}`;
  return {
    platform,
    pipeline: (dagId) => stackName(platform, dagId),
    warehouse: platform.toLowerCase(),
    user: platform.toLowerCase().replaceAll('-', '_'),
    connection: (name) => `${platform}/connections/${name}`,
    inCommands: isHere ? undefined : platform,
    exported: (output) => `${platform}:${output}`,
  };
}

function stackName(platform: string, dagId: string): string {
  const name = `${platform}-${dagId}`;
  if (/^[A-Za-z0-9-]+$/.test(name) && name.length <= LONGEST) return name;
  throw new AppError(
    `Naming the stack of the DAG '${dagId}': '${name}' is not 1 to ${LONGEST} letters, digits and hyphens. Rename the DAG.`,
  );
}
