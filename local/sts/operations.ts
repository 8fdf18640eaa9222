import { ACCOUNT } from '../account.ts';

export const stsOperations = {
  GetCallerIdentity: () => ({
    UserId: 'EMBEDDED',
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/embedded`,
  }),
};
