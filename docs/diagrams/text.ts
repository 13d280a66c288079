/** Widths of text, so that boxes fit what they hold without a browser or a font file. */

/** Advance widths of Helvetica (and Arial, and Liberation Sans) for the signs from ' ' to '~', in 1/1000 em. */
const HELVETICA = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

/** A space at which no line is broken. */
export const NBSP = '\u00a0';

/** The width of a text in pixels; bold text is about 7 % wider. */
export function widthOf(text: string, size: number, bold = false): number {
  let units = 0;
  for (const sign of text) units += sign === NBSP ? 278 : (HELVETICA[(sign.codePointAt(0) ?? 0) - 32] ?? 1000);
  return (units * size * (bold ? 1.07 : 1)) / 1000;
}

/** Breaks a text at spaces into lines of at most `width` pixels; a longer word has a line for itself. */
export function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** Text as XML. */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A number as short as it can be without a visible difference, so that files do not change with the last bits. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
