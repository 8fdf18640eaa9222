/** What order and conditions apply to: a task, or a group of tasks. */
import type { Ref } from '#lib/contract/ref.ts';
import { type Root, rootsOf } from './ref.ts';

export abstract class Node {
  readonly id: string;
  /** The group that this is in; of the DAG itself, none. */
  readonly parent: Node | undefined;
  readonly children: Node[] = [];
  /** All of them must hold. */
  readonly conditions: Ref<boolean>[] = [];
  readonly #order = new Set<Node>();

  constructor(id: string, parent?: Node) {
    this.id = id;
    this.parent = parent;
  }

  /** Order without data: this waits for the nodes. */
  after(...nodes: readonly Node[]): this {
    for (const node of nodes) this.#order.add(node);
    return this;
  }

  /** Order without data: the nodes wait for this. */
  before(...nodes: readonly Node[]): this {
    for (const node of nodes) node.after(this);
    return this;
  }

  /** What this reads from, as authored. */
  reads(): readonly Root[] {
    return rootsOf(this.conditions);
  }

  /** What this waits for: by order, by condition, or by the data that it takes. */
  waitsFor(): Set<Node> {
    return new Set([...this.#order, ...this.reads().filter((root) => root instanceof Node)]);
  }
}

/** The node and all that is in it, however deep. */
export const within = (node: Node): Node[] => [node, ...node.children.flatMap(within)];
