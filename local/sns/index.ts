export { Sns } from './sns.ts';
