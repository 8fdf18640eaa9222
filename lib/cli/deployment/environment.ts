import * as z from 'zod';

const schema = z.object({
  /** An endpoint that is there already: LocalStack, AWS's emulator, or `sluice local` elsewhere. */
  AWS_ENDPOINT_URL: z.string().optional(),
  /** The directory of what the embedded AWS keeps, instead of `.sluice` in the project. */
  SLUICE_STATE: z.string().optional(),
});

/** The environment that commands read. Credentials and region are the SDK's own business. */
// biome-ignore lint/style/noProcessEnv: parsed once, here
export const environment = schema.parse(process.env);

/** The variables that something else names: the credentials of a source. */
// biome-ignore lint/style/noProcessEnv: as a schema says
export const readVariables = <S extends z.ZodObject>(variables: S) => variables.safeParse(process.env);
