import type { Node } from '../azure/document.ts';
import { type Body, bodyOf } from '../azure/read-body.ts';
import { isResource, kindOf } from '../azure/recognise.ts';

/** Whether a text is something ARM answers: a resource, a list of them, or the answer of an action it is known for. */
export function isArmDocument(text: string): boolean {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return false;
  const body = bodyOf({ value: parsed(text), artifact: '', pointer: '', problems: [] });
  return itemsOf(body).some((node) => isResource(node) || kindOf(node, undefined) !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function itemsOf(body: Body): readonly Node[] {
  if (body.kind === 'list') return body.entries;
  return body.kind === 'one' ? [body.node] : [];
}
