/**
 * Histories of calls: what the parent did and saw, and what the workers noted, in one order. Each record lies within
 * the operation that it tells of; so the history of a call can be judged as that of a concurrent object is (Herlihy
 * and Wing 1990: linearizable), by following every state in which the call may be at each record.
 *
 * Knows: what `submit`, `cancel`, a start, an end and a callback allow each other. Refuses to know: who wrote it down.
 */

/** How a future ended, as far as a caller can tell. */
export type CallEnding =
  | 'cancelled'
  | 'result'
  /** The task's own error. */
  | 'thrown'
  /** Its worker, or the whole pool, was lost or stopped by force. */
  | 'lost'
  /** An argument could not be copied. */
  | 'argument'
  /** The result or the error could not be copied. */
  | 'uncopyable'
  | 'notFound'
  /** Its user settled it. */
  | 'outside'
  /** Anything else: always wrong. */
  | 'other';

/** One record. Those of tasks have a `pid`; those without a `call` concern all calls. */
export type CallRecord =
  | { readonly at: 'start'; readonly call: number; readonly pid: number }
  | { readonly at: 'finish'; readonly call: number; readonly pid: number; readonly how: 'returned' | 'threw' }
  | { readonly at: 'submit' | 'submitted' | 'refused' | 'cancel'; readonly call: number }
  /** The answer of the innermost `cancel` of this call that was not answered yet. */
  | { readonly at: 'cancelled'; readonly call: number; readonly answer: boolean }
  | { readonly at: 'settledOutside'; readonly call: number }
  | { readonly at: 'settled'; readonly call: number; readonly ending: CallEnding }
  /** What the reader of a map got at this place. */
  | { readonly at: 'item'; readonly call: number; readonly ending: CallEnding }
  /** From here on calls that wait may be cancelled by the executor. */
  | { readonly at: 'cancelAll' }
  | { readonly at: 'joined' };

/** What is known of one call at one place of its history: one of the states in which it may be. */
interface Possible {
  readonly future:
    | 'new'
    | 'pending'
    | 'running'
    | 'cancelled'
    | 'result'
    | 'thrown'
    | 'argument'
    | 'uncopyable'
    | 'notFound'
    /** Failed or settled before it was written to a worker, and afterwards. */
    | 'lostPending'
    | 'lostRunning'
    | 'outsidePending'
    | 'outsideRunning';
  readonly worker: 'never' | 'started' | 'returned' | 'threw';
  /** The cancels under way: `?` before its effect, then its answer. */
  readonly cancels: string;
  readonly told: boolean;
}

const START_ALLOWED: ReadonlySet<string> = new Set(['running', 'lostRunning', 'outsideRunning']);

/** What may have happened unseen before the next record. */
function* hidden(state: Possible, mayCancelAll: boolean, isOutside: boolean): Generator<Possible> {
  const { future, worker, cancels } = state;
  if (future === 'pending') {
    yield { ...state, future: 'running' };
    yield { ...state, future: 'lostPending' };
    if (mayCancelAll) yield { ...state, future: 'cancelled' };
    if (isOutside) yield { ...state, future: 'outsidePending' };
  }
  if (future === 'running') {
    yield { ...state, future: 'lostRunning' };
    if (isOutside) yield { ...state, future: 'outsideRunning' };
    if (worker === 'never') {
      yield { ...state, future: 'argument' };
      yield { ...state, future: 'notFound' };
    }
    if (worker === 'returned') yield { ...state, future: 'result' };
    if (worker === 'threw') yield { ...state, future: 'thrown' };
    if (worker === 'returned' || worker === 'threw') yield { ...state, future: 'uncopyable' };
  }
  const open = cancels.lastIndexOf('?');
  if (open >= 0 && future !== 'new') {
    const answered = (answer: 't' | 'f') => cancels.slice(0, open) + answer + cancels.slice(open + 1);
    if (future === 'pending' || future === 'cancelled') yield { ...state, future: 'cancelled', cancels: answered('t') };
    else yield { ...state, cancels: answered('f') };
  }
}

/** The state after a record, or `undefined` where this state does not allow it. */
function after(state: Possible, record: CallRecord): Possible | undefined {
  const { future, worker, cancels } = state;
  switch (record.at) {
    case 'submit':
    case 'cancelAll':
    case 'joined':
    case 'item':
    case 'settledOutside':
      return state;
    case 'submitted':
      return future === 'new' ? { ...state, future: 'pending' } : undefined;
    case 'refused':
      return future === 'new' ? state : undefined;
    case 'start':
      return worker === 'never' && START_ALLOWED.has(future) ? { ...state, worker: 'started' } : undefined;
    case 'finish':
      return worker === 'started' ? { ...state, worker: record.how } : undefined;
    case 'cancel':
      return { ...state, cancels: `${cancels}?` };
    case 'cancelled':
      return cancels.at(-1) === (record.answer ? 't' : 'f') ? { ...state, cancels: cancels.slice(0, -1) } : undefined;
    case 'settled':
      return !state.told && future.replace(/(Pending|Running)$/, '') === record.ending
        ? { ...state, told: true }
        : undefined;
  }
}

/**
 * Judges the history of one call that has a future.
 *
 * @returns why no order of the operations explains it, or `undefined` when one does
 */
export function judgeCall(records: readonly CallRecord[]): string | undefined {
  let possible: readonly Possible[] = [{ future: 'new', worker: 'never', cancels: '', told: false }];
  let mayCancelAll = false;
  let isOutside = false;
  for (const [place, record] of records.entries()) {
    mayCancelAll ||= record.at === 'cancelAll';
    isOutside ||= record.at === 'settledOutside';
    const now = new Map<string, Possible>();
    const visit = (state: Possible) => {
      const key = Object.values(state).join();
      if (now.has(key)) return;
      now.set(key, state);
      for (const next of hidden(state, mayCancelAll, isOutside)) visit(next);
    };
    for (const state of possible) visit(state);
    possible = [...now.values()].map((state) => after(state, record)).filter((state) => state !== undefined);
    if (possible.length === 0) {
      const before = records.slice(0, place).map(describe).join(', ');
      return `no order of its operations explains '${describe(record)}' after: ${before || 'nothing'}`;
    }
  }
  return possible.some(({ future, told }) => told || future === 'new')
    ? undefined
    : `nobody was told of its end: ${records.map(describe).join(', ')}`;
}

/** Judges what is known of one item of a map: it has no future of its own. */
export function judgeItem(records: readonly CallRecord[]): string | undefined {
  const seen: string[] = [];
  for (const record of records) {
    const [starts, finishes] = ['start', 'finish'].map((at) => seen.filter((it) => it === at).length) as [
      number,
      number,
    ];
    const isWrong =
      (record.at === 'start' && (starts > 0 || seen.includes('refused'))) ||
      (record.at === 'finish' && finishes >= starts) ||
      (record.at === 'item' && (record.ending === 'result' || record.ending === 'thrown') && finishes === 0);
    if (isWrong) return `'${describe(record)}' cannot come after: ${records.map(describe).join(', ')}`;
    seen.push(record.at);
  }
  return undefined;
}

/** What happened after the end: a mark of a worker that outlived its pool. */
export function afterJoined(records: readonly CallRecord[]): readonly CallRecord[] {
  const end = records.findIndex(({ at }) => at === 'joined');
  return end < 0 ? [] : records.slice(end).filter((record) => 'pid' in record);
}

function describe(record: CallRecord): string {
  if ('answer' in record) return `cancel() was ${record.answer}`;
  if ('ending' in record) return `${record.at} ${record.ending}`;
  if ('how' in record) return `${record.at} (${record.how}, pid ${record.pid})`;
  return 'pid' in record ? `${record.at} (pid ${record.pid})` : record.at;
}
