/**
 * What may happen in a check: one in which too little does would find nothing in anything.
 */

/** One thing that can be seen. */
export type Sight =
  | 'a call ended with a result'
  | 'a call ended with an error'
  | 'a call was cancelled'
  | 'a cancel came too late'
  | 'a shutdown cancelled'
  | 'a shutdown let calls finish'
  | 'a shutdown did not wait'
  | 'a submit was refused'
  | 'a callback threw';
