/** What a value looks like on the other side: through encoding, one real frame and decoding. */
import type { JsonValue } from '../../../runtime/wire/frames.ts';
import { encodeFrame, type Frame, FrameReader, Segments } from '../../../runtime/wire/frames.ts';
import { decodeArgs, decodeValue, encodeArgs, encodeThrown, encodeValue } from '../../../runtime/wire/value.ts';

/** The frames in a sequence of chunks, which must end where a frame ends. */
export function framesOf(chunks: Iterable<Uint8Array>): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => frames.push(frame));
  for (const chunk of chunks) reader.push(chunk);
  if (!reader.atBoundary) throw new Error('The stream ended within a frame.');
  return frames;
}

export function tripValue(value: unknown): unknown {
  const segments = new Segments();
  const frame = arrive(encodeValue(value, segments), segments);
  return decodeValue(frame.payload, frame.segments);
}

export function tripArgs(args: readonly unknown[]): unknown[] {
  const segments = new Segments();
  const frame = arrive(encodeArgs(args, segments), segments);
  return decodeArgs(frame.payload, frame.segments);
}

export function tripThrown(value: unknown): unknown {
  const segments = new Segments();
  const thrown = encodeThrown(value, segments);
  if (!thrown.ok) throw new Error('It could not be encoded.', { cause: thrown.reason });
  const frame = arrive(thrown.encoded, segments);
  return decodeValue(frame.payload, frame.segments);
}

function arrive(payload: JsonValue, segments: Segments): Frame {
  return framesOf(encodeFrame('test', payload, segments))[0]!;
}
