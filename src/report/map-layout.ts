import dagre from '@dagrejs/dagre';
import type { Link, NetworkMap, Place } from './map.ts';
import { columnsOf, printable, wrapped } from './printable.ts';

/** A place on the sheet, in its own units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box with its place on the sheet and its text broken into lines. */
export interface PlacedBox extends Point {
  readonly place: Place;
  readonly width: number;
  readonly height: number;
  readonly title: readonly string[];
  readonly lines: readonly string[];
}

export interface PlacedLink {
  readonly link: Link;
  readonly start: Point;
  readonly end: Point;
}

export interface PlacedMap {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly links: readonly PlacedLink[];
}

export const lineHeight = 17;
const columnWidth = 7.3;
const textColumns = 25;
const padding = 12;
const margin = 14;

/** Gives every box and link a place: the client at the left, what lies behind the hub at the right. */
export function layOut({ places, links }: NetworkMap): PlacedMap {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 120, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const boxes = places.map(sized);
  // The layout stacks a rank from the bottom up: what comes first belongs on top.
  for (const { place, width, height } of boxes.toReversed()) graph.setNode(place.id, { width, height });
  for (const { from, to } of links.toReversed()) graph.setEdge(from, to);
  dagre.layout(graph);
  const size = graph.graph();
  const placed = boxes.map((box) => ({ ...box, ...centreOf(graph.node(box.place.id)) }));
  return {
    width: rounded(size.width ?? 0),
    height: rounded(size.height ?? 0),
    boxes: placed,
    links: links.flatMap(linkBetween(placed)),
  };
}

// From the right edge of one box to the left edge of the next: so no link runs below a box of its own column.
function linkBetween(boxes: readonly PlacedBox[]): (link: Link) => readonly PlacedLink[] {
  const byId = new Map(boxes.map((box) => [box.place.id, box]));
  return (link) => {
    const [from, to] = [byId.get(link.from), byId.get(link.to)];
    if (from === undefined || to === undefined) return [];
    return [
      {
        link,
        start: { x: rounded(from.x + from.width / 2), y: from.y },
        end: { x: rounded(to.x - to.width / 2), y: to.y },
      },
    ];
  };
}

function sized(place: Place): Omit<PlacedBox, 'x' | 'y'> {
  const title = wrapped(printable(place.title), textColumns);
  const lines = [place.kindWord, ...place.lines].flatMap((line) => wrapped(printable(line), textColumns + 3));
  const columns = Math.max(14, ...title.map((line) => columnsOf(line) * 1.1 + 2), ...lines.map(columnsOf));
  return {
    place,
    title,
    lines,
    width: rounded(columns * columnWidth + 2 * padding),
    height: (title.length + lines.length) * lineHeight + 2 * padding - 4,
  };
}

// Whole tenths: the same picture to the byte wherever it is drawn.
function centreOf({ x, y }: { readonly x: number; readonly y: number }): Point {
  return { x: rounded(x), y: rounded(y) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
