/**
 * What can go wrong on arrival: bytes that no correct peer sends, and values that v8 writes but does not read.
 *
 * One stray byte makes everything after it meaningless, so there is no resynchronising: whoever meets a {@link
 * ProtocolError} drops the connection it came from. An {@link UnreadableValueError} concerns one value; its frame and
 * its neighbours are fine.
 */

/**
 * What arrived is not what this wire format writes, for example because a task wrote to a descriptor that is not its
 * own.
 *
 * The reader that threw it must not be used again; the peer behind it should be stopped.
 */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
}

/**
 * The bytes of one value are those that v8 wrote, and yet v8 cannot build the value from them; `cause` is v8's error.
 *
 * Known reasons: an error within a plain value that is reached again from its own `cause`; a peer that runs a newer
 * Node and sent what this one does not know; no memory for the value. Only the call that it belongs to should fail.
 */
export class UnreadableValueError extends Error {
  override readonly name: string = 'UnreadableValueError';
}
