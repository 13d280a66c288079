/**
 * How a call ended, from the wire; and the errors that arise on the way there and back.
 *
 * What cannot be decoded fails its own call and nobody else's (I26).
 */
import type { Outcome } from '../../machines/vocabulary.ts';
import { SerializationError, TaskNotFoundError } from '../errors.ts';
import { findCulprit } from '../wire/culprit.ts';
import { textOf } from '../wire/describe.ts';
import { type JsonValue, ProtocolError, type ReceivedSegments } from '../wire/frames.ts';
import { Code } from '../wire/messages.ts';
import { decodeValue } from '../wire/value.ts';

type Side = 'argument' | 'result' | 'error';

/** Decodes one end of a call; never throws but for what is no message of ours. */
export function decodeOutcome(
  code: JsonValue | undefined,
  value: JsonValue | undefined,
  segments: ReceivedSegments,
): Outcome {
  switch (code) {
    case Code.primitive:
      return { kind: 'result', value };
    case Code.result:
    case Code.thrown:
      return decodeCopied(code === Code.result ? 'result' : 'error', value, segments);
    case Code.uncopyable: {
      const [side, path, reason] = list(value);
      return failed(uncopyable(String(side) as Side, String(path), decodeReason(reason, segments)));
    }
    case Code.notFound: {
      const [text, reason] = list(value);
      const options = reason === null ? {} : { cause: decodeReason(reason, segments) };
      return failed(new TaskNotFoundError(String(text), options));
    }
    case Code.chunk:
      return { kind: 'result', value: list(value).map((it) => decodeItem(it, segments)) };
    case Code.plainChunk:
      return { kind: 'result', value: list(value).map((it): Outcome => ({ kind: 'result', value: it })) };
    default:
      throw new ProtocolError(`A worker reported an end of a call that does not exist: ${JSON.stringify(code)}.`);
  }
}

/** The error that ends a worker, which it names as it would name the failure of a call. */
export function decodeFault(fault: JsonValue, segments: ReceivedSegments): unknown {
  const [code, value] = list(fault);
  const outcome = decodeOutcome(code, value, segments);
  return outcome.kind === 'exception' ? outcome.error : undefined;
}

function decodeItem(item: JsonValue, segments: ReceivedSegments): Outcome {
  const [code, value] = list(item);
  return decodeOutcome(code, value, segments);
}

function decodeCopied(side: 'result' | 'error', value: JsonValue | undefined, segments: ReceivedSegments): Outcome {
  try {
    const decoded = decodeValue(value, segments);
    return side === 'result' ? { kind: 'result', value: decoded } : failed(decoded);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause;
    return failed(
      new SerializationError(`The ${side} of the call arrived, but could not be built again here.`, side, side, {
        cause,
      }),
    );
  }
}

/** The reason of a failure; where it cannot be read, why not. What is no message of ours is not caught. */
function decodeReason(reason: JsonValue | undefined, segments: ReceivedSegments): unknown {
  try {
    return decodeValue(reason, segments);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    return error;
  }
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new ProtocolError('A worker sent a message of the wrong shape.');
  return value;
}

/** The error for arguments that cannot be copied. */
export function uncopyableArguments(args: readonly unknown[], cause: unknown, name = 'args'): SerializationError {
  return uncopyable('argument', findCulprit(args, 'args').replace(/^args/, name), cause);
}

function uncopyable(side: Side, path: string, cause: unknown): SerializationError {
  const what = { argument: 'An argument', result: 'The result', error: 'What was thrown' }[side];
  const why = textOf(cause);
  return new SerializationError(
    `${what} cannot be copied to another process: ${path}: ${why}. ` +
      'Send plain data; functions, symbols, promises and handles stay where they are.',
    side,
    path,
    { cause },
  );
}

/** An outcome that is an exception. */
export function failed(error: unknown): Outcome {
  return { kind: 'exception', error };
}
