/** Where the embedded service pretends to be. */
export interface Place {
  accountId: string;
  region: string;
}

export const stateMachineArn = ({ region, accountId }: Place, name: string): string =>
  `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;

export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const machineName = (machineArn: string): string => machineArn.split(':').at(-1) ?? '';
