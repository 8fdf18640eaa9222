import { ACCOUNT } from '../machine/account.ts';

export const stsOperations = {
  GetCallerIdentity: () => ({
    UserId: 'EMBEDDED',
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/embedded`,
  }),
};
