/** The load mode `rebuild`: afterwards the table holds these rows and no others. */
export { truncate as rebuild } from './truncate.ts';
