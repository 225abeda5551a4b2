import type { Node } from '../azure/document.ts';
import { isObject } from '../azure/document.ts';
import { isResource, kindOf } from '../azure/recognise.ts';

/** Whether a text is something ARM answers: a resource, a list of them, or the answer of an action it is known for. */
export function isArmDocument(text: string): boolean {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return false;
  const document = parsed(text);
  return itemsOf(document).some((value) => {
    const node: Node = { value, artifact: '', pointer: '', problems: [] };
    return isResource(node) || kindOf(node, undefined) !== undefined;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// { "value": [...] } of ARM, a bare list of `az`, or one document.
function itemsOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (!isObject(document)) return [];
  const { value } = document;
  return Array.isArray(value) ? value : [document];
}
