/** Numbers and paths as a person reads them. */

/** `1234567` as `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** A number with its noun: `1 file`, `2 files`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** Bytes in decimal units: `812 B`, `4.2 kB`, `99.7 MB`, `1.3 GB`. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Milliseconds: `12 ms`, `3.4 s`, `5 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 60e3) return `${(ms / 1e3).toFixed(1)} s`;
  const seconds = Math.round(ms / 1e3);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Bytes in so many milliseconds as `47.1 MB/s`. */
export function throughput(bytes: number, ms: number): string {
  return `${(bytes / 1e3 / Math.max(ms, 1e-3)).toFixed(1)} MB/s`;
}

/** A path on one line: a file may be named with line ends and with escape sequences that a terminal would obey. */
export function printable(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be made visible
  return path.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A text in lines of at most `width` characters, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
