import { printable } from './printable.ts';

/** Text that is HTML already. Everything else is escaped where it is put in, so that no name can become markup. */
export interface Markup {
  readonly markup: string;
}

type Piece = Markup | string | number | readonly Markup[];

/** html`<b>${name}</b>`: strings put in are text, markup put in is markup. */
export function html(literals: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: String.raw({ raw: literals }, ...pieces.map(markupOf)) };
}

export const nothing: Markup = { markup: '' };

/** Foreign text as it may stand between tags and in quoted attributes. */
function escapedHtml(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function markupOf(piece: Piece): string {
  if (typeof piece === 'string') return escapedHtml(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('\n');
}
