/** Facts of /proc: Linux only, `undefined` elsewhere. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** One figure of /proc/PID/status, in kB. @param {number | 'self'} pid @param {'VmRSS' | 'VmHWM'} name */
function status(pid, name) {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}

/** Resident memory in MB. @param {number | 'self'} pid */
export function residentMB(pid) {
  const kB = status(pid, 'VmRSS');
  return kB === undefined ? undefined : kB / 1024;
}

/** The highest resident memory since {@link resetPeak}, in MB. @param {number | 'self'} pid */
export function peakMB(pid) {
  const kB = status(pid, 'VmHWM');
  return kB === undefined ? undefined : kB / 1024;
}

/** Forgets the highest resident memory so far. @param {number | 'self'} pid */
export function resetPeak(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not ours to reset, or no Linux: the peak then counts from the start of the process.
  }
}

/** Open descriptors of this process. */
export function descriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
