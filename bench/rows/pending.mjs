/** Row "a pending future": what it occupies, what submitting and cancelling it costs, from ten thousand to a million. */
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';
import { median } from '../lib/statistics.mjs';
import { inFreshProcess } from '../sides/fresh-process.mjs';

const FEW = 10_000;

/** @param {import('../run.mjs').Plan} plan */
export async function pending(plan) {
  const many = plan.quick ? 200_000 : 1_000_000;
  const most = plan.quick ? '2e5' : '1e6';
  /** @type {Record<string, number[]>} */
  const cancels = {};
  const bytes = [];
  const side = (name, kind, count) => ({
    name,
    round: async () => {
      const { submit, cancel, bytesEach } = await inFreshProcess('pending.mjs', kind, count);
      if (cancel !== undefined) cancels[name] = [...(cancels[name] ?? []), cancel];
      if (kind === 'ours' && count === many) bytes.push(bytesEach);
      return submit;
    },
  });
  const sides = await alternate(
    [
      side('submit, 1e4', 'ours', FEW),
      side('bare loop, 1e4', 'bare', FEW),
      side(`submit, ${most}`, 'ours', many),
      side(`bare loop, ${most}`, 'bare', many),
    ],
    { rounds: plan.rounds, warmUps: 0 },
  );
  const cancelFew = median(cancels['submit, 1e4']);
  const cancelMany = median(cancels[`submit, ${most}`]);
  return {
    title: 'A pending future, per future',
    unit: 'ns',
    sides,
    notes: [`cancel: ${Math.round(cancelFew)} ns at 1e4, ${Math.round(cancelMany)} ns at ${most} (medians)`],
    checks: [
      atMost('occupies, beside its arguments', median(bytes), 160, 'bytes'),
      atMost(`submit: ${most} against 1e4`, sides[`submit, ${most}`].median / sides['submit, 1e4'].median, 2.5),
      atMost(`cancel: ${most} against 1e4`, cancelMany / cancelFew, 2.5),
      atMost(
        `submit at ${most}, against a bare loop`,
        sides[`submit, ${most}`].median / sides[`bare loop, ${most}`].median,
        3,
      ),
    ],
  };
}
