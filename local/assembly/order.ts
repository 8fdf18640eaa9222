/** The order in which a stack's resources are created: what is referred to comes first. */
import { functionOf } from './intrinsics.ts';
import type { Resource } from './template.ts';

/** @param fail makes the error for resources that wait for each other */
export function inCreationOrder(resources: Record<string, Resource>, fail: (message: string) => Error): string[] {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    const resource = resources[id];
    if (!resource || done.has(id)) return;
    if (path.includes(id)) throw fail(`the resources ${[...path, id].join(' → ')} wait for each other`);
    const needed = [...resource.DependsOn, ...namesIn(resource.Properties)];
    for (const dependency of needed) visit(dependency, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return [...done];
}

/** Every name that the value refers to, parameters included. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  const [name, argument] = functionOf(value) ?? [];
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt') return [String([argument].flat()[0]).split('.')[0] ?? ''];
  const within = Object.values(value).flatMap(namesIn);
  return name === 'Fn::Sub' ? [...within, ...namesInText(argument)] : within;
}

function namesInText(argument: unknown): string[] {
  const text = String([argument].flat()[0]);
  return [...text.matchAll(/\$\{([^!}.]+)/g)].map(([, name]) => name?.trim() ?? '');
}
