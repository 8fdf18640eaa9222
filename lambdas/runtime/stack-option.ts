/**
 * What makes a command that a function tells people act on the deployment that the function is of: ` --stack Sluice`,
 * or nothing where commands find it by themselves.
 * @param stack the function's SLUICE_STACK
 */
export const stackOption = (stack: string | undefined): string => (stack === undefined ? '' : ` --stack ${stack}`);
