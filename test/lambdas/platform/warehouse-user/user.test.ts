import { expect, test } from 'vitest';
import { hashed } from '#lambdas/platform/warehouse-user/user.ts';

test('a password is hashed as in the example of the CREATE USER reference', () => {
  const salt = 'c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6';
  expect(hashed('Mypassword1', Buffer.from(salt, 'hex'))).toBe(
    `sha256|821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2|${salt}`,
  );
});

test('each hash has a salt of its own', () => {
  expect(hashed('a')).not.toBe(hashed('a'));
});
