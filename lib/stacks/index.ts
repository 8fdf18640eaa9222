export { isAuthors, type SynthesizeOptions, synthesize } from './app.ts';
