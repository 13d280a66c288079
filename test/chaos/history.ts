/**
 * The history of an episode in one file that the parent and all its tasks append to: one file gives one order, which
 * `judgeCall` of `procfutures/properties` asks for.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { CallRecord } from 'procfutures/properties';

/** The file, written and read. */
export class HistoryFile {
  readonly #fd: number;
  #offset = 0;
  #rest = '';
  readonly records: CallRecord[] = [];
  /** Lines that are no record: a task wrote them to a descriptor that was not its own. */
  readonly stray: string[] = [];

  constructor(path: string) {
    this.#fd = openSync(path, 'a+');
  }

  append(record: CallRecord): void {
    writeSync(this.#fd, `${JSON.stringify(record)}\n`);
  }

  /** Reads what was appended since, by anybody. */
  read(): readonly CallRecord[] {
    const buffer = Buffer.allocUnsafe(65_536);
    for (;;) {
      const length = readSync(this.#fd, buffer, 0, buffer.byteLength, this.#offset);
      if (length === 0) return this.records;
      this.#offset += length;
      const lines = (this.#rest + buffer.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    try {
      this.records.push(JSON.parse(line) as CallRecord);
    } catch {
      this.stray.push(line.slice(0, 80));
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
