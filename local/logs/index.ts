export { Logs } from './logs.ts';
