/**
 * One suite for every host: the seam itself here, pools on it in pool-contract.ts.
 *
 * What `runtime/host.ts` guarantees for all events of a worker is checked at the end of every test, by seam.ts.
 */
import { type ProcessPoolExecutorOptions, SerializationError } from 'procfutures';
import type { WorkerHost } from 'procfutures/simulation';
import { beforeEach, describe, expect, it } from 'vitest';
import { anyTask, type ContractTasks, type HostWorld } from './host-world.ts';
import { describePool } from './pool-contract.ts';
import { openSeam, type Seam } from './seam.ts';

/** Describes the host that `makeWorld` makes worlds of. */
export function describeHost(name: string, makeWorld: () => HostWorld): void {
  describe(`${name}: the host`, () => describeSeam(makeWorld));
  describe(`${name}: a pool`, () => describePool(makeWorld));
}

function describeSeam(makeWorld: () => HostWorld): void {
  let world: HostWorld;
  beforeEach(() => {
    world = makeWorld();
  });
  const open = (options: ProcessPoolExecutorOptions = {}, onEvent?: Parameters<typeof openSeam>[2]): Seam =>
    openSeam(world, world.hostFactory(options), onEvent);
  const send = (host: WorkerHost, work: number, name: keyof ContractTasks, ...args: unknown[]): void =>
    host.send(0, { work, task: anyTask(name), args });

  it('a worker is spawned, with a pid, then ready; nothing more comes unasked', async () => {
    const seam = open();
    seam.host.spawn(0);
    expect(seam.events).toEqual([]);
    const { pid } = await seam.next('spawned');
    await seam.next('ready');
    expect(pid).toBeGreaterThan(0);
    await passALife(seam, 1);
    expect(seam.types(0)).toEqual(['spawned', 'ready']);
  });

  it('several workers live side by side, each with events and outcomes of its own', async () => {
    const seam = open();
    for (const worker of [0, 1]) seam.host.spawn(worker);
    for (const worker of [0, 1]) await seam.next('ready', worker);
    for (const worker of [0, 1]) seam.host.send(worker, { work: worker, task: anyTask('pid'), args: [] });
    for (const worker of [0, 1]) {
      const { pid } = await seam.next('spawned', worker);
      expect(await seam.next('outcomeReceived', worker)).toMatchObject({
        work: worker,
        outcome: { kind: 'result', value: pid },
      });
    }
  });

  it('outcomes come in the order of send, with the time that the function took', async () => {
    const seam = open();
    await seam.start();
    for (let work = 0; work < 20; work++) send(seam.host, work, work % 3 === 0 ? 'fail' : 'echo', `${work}`);
    await world.until(() => seam.ended().length === 20, '20 outcomes');
    expect(seam.ended()).toEqual(Array.from({ length: 20 }, (_, work) => work));
    for (const event of seam.events) {
      if (event.type !== 'outcomeReceived') continue;
      const expected =
        event.work % 3 === 0
          ? { kind: 'exception', error: expect.objectContaining({ name: 'RangeError', message: `${event.work}` }) }
          : { kind: 'result', value: `${event.work}` };
      expect(event.outcome).toEqual(expected);
      expect(event.micros).toBeGreaterThanOrEqual(0);
    }
  });

  it('a call that cannot be copied is rejected, and its neighbours are not affected', async () => {
    const seam = open();
    await seam.start();
    send(seam.host, 0, 'echo', 'before');
    send(seam.host, 1, 'echo', () => {});
    send(seam.host, 2, 'echo', 'after');
    expect(seam.ended()).toEqual([]);
    const { work, outcome } = await seam.next('callRejected');
    expect(work).toBe(1);
    expect(outcome).toMatchObject({ kind: 'exception', error: { side: 'argument' } });
    expect((outcome as { error: unknown }).error).toBeInstanceOf(SerializationError);
    await world.until(() => seam.ended().length === 3, 'the outcomes of the neighbours');
    expect(seam.ended().toSorted()).toEqual([0, 1, 2]);
    expect(seam.types().filter((type) => type === 'outcomeReceived')).toHaveLength(2);
  });

  it('a result that cannot be copied is the failure of its call alone', async () => {
    const seam = open();
    await seam.start();
    send(seam.host, 0, 'returnFunction');
    send(seam.host, 1, 'echo', 'after');
    await world.until(() => seam.ended().length === 2, 'two outcomes');
    const [first, second] = seam.events.filter((event) => event.type === 'outcomeReceived');
    expect(first?.outcome).toMatchObject({ kind: 'exception', error: { side: 'result' } });
    expect(second?.outcome).toEqual({ kind: 'result', value: 'after' });
  });

  it('a worker that is asked to stop does its calls first, then exits with code 0', async () => {
    const seam = open();
    await seam.start();
    for (let work = 0; work < 5; work++) send(seam.host, work, 'echo', work);
    seam.host.end(0, 'stop');
    expect(await seam.next('exited')).toMatchObject({ code: 0, signal: null });
    await seam.next('channelEnded');
    expect(seam.ended()).toEqual([0, 1, 2, 3, 4]);
  });

  it('SIGTERM ends an idle worker; its exit, the end of its calls and that of its results are reported', async () => {
    const seam = open();
    await seam.start();
    seam.host.end(0, 'SIGTERM');
    expect(await seam.next('exited')).toMatchObject({ code: null, signal: 'SIGTERM' });
    await seam.next('channelEnded');
    await seam.next('callsEnded');
    expect(seam.types().toSorted()).toEqual(['callsEnded', 'channelEnded', 'exited', 'ready', 'spawned']);
  });

  it('a worker may ignore SIGTERM; SIGKILL ends it', async () => {
    const seam = open();
    await seam.start();
    const gate = world.newGate();
    send(seam.host, 0, 'holdAgainstSigterm', gate.path, 'still here');
    await gate.reached();
    seam.host.end(0, 'SIGTERM');
    gate.open();
    expect(await seam.next('outcomeReceived')).toMatchObject({ outcome: { kind: 'result', value: 'still here' } });
    seam.host.end(0, 'SIGKILL');
    expect(await seam.next('exited')).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('what a killed worker has written is read, whether its exit is known before or after', async () => {
    const seam = open();
    await seam.start();
    const gate = world.newGate();
    for (const work of [0, 1, 2]) send(seam.host, work, 'echo', 'written');
    send(seam.host, 3, 'holdLater', gate.path);
    await world.killUnread(gate);
    expect(seam.ended()).toEqual([]);
    expect(await seam.next('exited')).toMatchObject({ code: null, signal: 'SIGKILL' });
    await seam.next('channelEnded');
    expect(seam.ended()).toEqual([0, 1, 2]);
  });

  it('a worker that exits by itself is reported with its code, one that dies with its signal', async () => {
    const seam = open();
    await seam.start();
    send(seam.host, 0, 'exit', 7);
    expect(await seam.next('exited')).toMatchObject({ code: 7, signal: null });
    await seam.start(1);
    seam.host.send(1, { work: 1, task: anyTask('die'), args: ['SIGKILL'] });
    expect(await seam.next('exited', 1)).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(seam.ended(0)).toEqual([]);
    expect(seam.ended(1)).toEqual([]);
  });

  it('a worker that crashes names its error, then exits', async () => {
    const seam = open();
    await seam.start();
    send(seam.host, 0, 'crash', 'outside any call');
    expect(await seam.next('faulted')).toMatchObject({ cause: { name: 'RangeError', message: 'outside any call' } });
    expect(await seam.next('exited')).toMatchObject({ code: 1, signal: null });
    await seam.next('channelEnded');
    expect(seam.ended()).toEqual([]);
  });

  it('garbage is a fault; no outcome is read after it, and the worker can still be killed', async () => {
    const seam = open();
    await seam.start();
    const gate = world.newGate();
    send(seam.host, 0, 'garble', gate.path);
    await gate.reached();
    await seam.next('faulted');
    gate.open();
    await passALife(seam, 1);
    seam.host.end(0, 'SIGKILL');
    expect(await seam.next('exited')).toMatchObject({ signal: 'SIGKILL' });
    await seam.next('channelEnded');
    expect(seam.ended(0)).toEqual([]);
  });

  it('an initializer that throws is a fault and then an exit, and the worker was never ready', async () => {
    const seam = open({ initializer: anyTask('failToPrepare'), initArgs: ['not today'] });
    seam.host.spawn(0);
    expect(await seam.next('faulted')).toMatchObject({ cause: { name: 'RangeError', message: 'not today' } });
    expect(await seam.next('exited')).toMatchObject({ code: 1, signal: null });
    expect(seam.types()).not.toContain('ready');
  });

  it('a spawn that fails is an event with the reason, and nothing comes after it', async () => {
    const seam = openSeam(world, world.hostThatCannotSpawn());
    seam.host.spawn(0);
    expect(seam.events).toEqual([]);
    expect((await seam.next('spawnFailed')).cause).toBeInstanceOf(Error);
    send(seam.host, 0, 'echo', 1);
    for (const how of ['stop', 'SIGTERM', 'SIGKILL'] as const) seam.host.end(0, how);
    seam.host.spawn(1);
    await seam.next('spawnFailed', 1);
    seam.host.release(0);
    seam.host.release(1);
    expect(seam.types(0)).toEqual(['spawnFailed']);
  });

  it('after a release nothing comes, also when it was made in the middle of a report', async () => {
    const seam = open({}, (event, host) => {
      if (event.type === 'exited' && event.worker === 0) host.release(0);
    });
    await seam.start();
    seam.host.timer(0, 5);
    const gate = world.newGate();
    send(seam.host, 0, 'echo', 'written');
    send(seam.host, 1, 'holdLater', gate.path);
    await world.killUnread(gate);
    await seam.next('exited');
    const before = seam.types(0);
    await passALife(seam, 1);
    expect(seam.types(0)).toEqual(before);
  });

  it('verbs for a worker that is gone, or never was, do nothing', async () => {
    const seam = open();
    await seam.start();
    seam.host.end(0, 'SIGKILL');
    await seam.next('exited');
    seam.host.release(0);
    const before = seam.types(0);
    for (const worker of [0, 9]) {
      seam.host.send(worker, { work: 0, task: anyTask('echo'), args: [1] });
      for (const how of ['stop', 'SIGTERM', 'SIGKILL'] as const) seam.host.end(worker, how);
      seam.host.release(worker);
      seam.host.timer(worker, 1);
    }
    await passALife(seam, 1);
    expect(seam.types(0)).toEqual(before);
    expect(seam.types(9)).toEqual([]);
  });

  it('a call for a worker that has died is lost with it', async () => {
    const seam = open();
    await seam.start();
    seam.host.end(0, 'SIGKILL');
    await seam.next('exited');
    send(seam.host, 0, 'echo', 1);
    await seam.next('channelEnded');
    await passALife(seam, 1);
    expect(seam.ended(0)).toEqual([]);
  });

  it('a timer fires once, in place of the one before it, also after the exit; stopped, it does not fire', async () => {
    const seam = open();
    await seam.start();
    await seam.start(1);
    seam.host.timer(0, 1_000_000);
    seam.host.timer(0, 5);
    await seam.next('timerFired', 0);
    seam.host.timer(1, 1);
    seam.host.timer(1, undefined);
    seam.host.end(0, 'SIGKILL');
    await seam.next('exited', 0);
    seam.host.timer(0, 20);
    await world.until(() => seam.types(0).filter((type) => type === 'timerFired').length === 2, 'the second timer');
    await passALife(seam, 2);
    expect(seam.types(0).filter((type) => type === 'timerFired')).toHaveLength(2);
    expect(seam.types(1)).toEqual(['spawned', 'ready']);
  });

  /** Lets another worker live from birth to death: whatever was still to come of the others has come by then. */
  async function passALife(seam: Seam, worker: number): Promise<void> {
    await seam.start(worker);
    seam.host.send(worker, { work: 1_000 + worker, task: anyTask('echo'), args: [] });
    await seam.next('outcomeReceived', worker);
    seam.host.end(worker, 'stop');
    await seam.next('exited', worker);
    await seam.next('channelEnded', worker);
  }
}
