/**
 * What runs in the child process of one execution environment: loads the function's handler and answers invocations
 * sent by its parent. Plain JavaScript: stripping types would double the time of a cold start.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const { env } = process;
let currentRequestId;
const root = env.LAMBDA_TASK_ROOT;
const send = (message) => new Promise((sent) => process.send(message, sent));

/** Only what is in the bundle may be loaded, as on AWS, wherever the bundle happens to lie. */
function stayWithinTaskRoot() {
  const pathsOf = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => pathsOf(from).filter((path) => path.startsWith(root + sep));
  // Without this a package.json above the task root would decide what kind of module a `.js` file is.
  Module._extensions['.js'] = (module, file) => module._compile(readFileSync(file, 'utf8'), file);
}

async function load() {
  const [file, name] = env._HANDLER.split('.');
  const path = ['.js', '.cjs', '.mjs'].map((extension) => join(root, file + extension)).find(existsSync);
  if (path === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const loaded = await importFile(path);
  const handler = loaded[name];
  if (typeof handler === 'function') return handler;
  throw named('Runtime.HandlerNotFound', `${env._HANDLER} is undefined or not exported`);
}

async function importFile(path) {
  try {
    return path.endsWith('.mjs') ? await import(pathToFileURL(path)) : createRequire(join(root, 'package.json'))(path);
  } catch (error) {
    if (error?.code === 'MODULE_NOT_FOUND') throw named('Runtime.ImportModuleError', `Error: ${error.message}`);
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    throw error;
  }
}

const named = (name, message) => Object.assign(new Error(message), { name });

const envelopeOf = (error) =>
  error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const contextOf = ({ requestId, invokedFunctionArn, deadline }) => ({
  awsRequestId: requestId,
  invokedFunctionArn,
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

/** As Lambda does: each line that goes through the console tells its time, its invocation and its level. */
function nameLines() {
  const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => {
      process.stdout.write(`${new Date().toISOString()}\t${currentRequestId}\t${level}\t${format(...values)}\n`);
    };
  }
}

async function answer(handler, { payload, ...invocation }) {
  currentRequestId = invocation.requestId;
  try {
    const result = await handler(JSON.parse(payload), contextOf(invocation));
    await send({ payload: JSON.stringify(result === undefined ? null : result) ?? 'null' });
  } catch (error) {
    await fail(error);
  }
}

async function fail(error, last) {
  const envelope = JSON.stringify(envelopeOf(error));
  console.error('Invoke Error', envelope);
  await send({ payload: envelope, failed: true, last });
}

async function failAndExit(error) {
  await fail(error, true);
  process.exit(1);
}

process.on('uncaughtException', (error) => void failAndExit(error));
process.on('unhandledRejection', (reason) => {
  void failAndExit(named('Runtime.UnhandledPromiseRejection', String(reason instanceof Error ? reason.stack : reason)));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group; what it means, the parent decides.
process.on('SIGINT', () => {});
enableCompileCache(process.argv[2]);
stayWithinTaskRoot();
nameLines();
try {
  const handler = await load();
  process.on('message', (message) => void answer(handler, message));
  await send({ ready: true });
  // Now: the process may be killed at any time.
  flushCompileCache();
} catch (error) {
  await failAndExit(error);
}
