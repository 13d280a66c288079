/**
 * `procfutures/simulation`: a pool on simulated processes, in virtual time, where every order of events can be chosen.
 */
export type { Call, HostFactory, WorkerHost } from '../host.ts';
export type { Behaviour, CallEnd, Death, Place, Tasks } from './behaviour.ts';
export type { FaultType, Happening, MildType } from './happenings.ts';
export { type Replay, type ReplayOptions, replay } from './replay.ts';
export { type Simulation, type SimulationOptions, simulate } from './simulate.ts';
export { type Choice, type Faults, type ProcessView, World, type WorldOptions } from './world.ts';
