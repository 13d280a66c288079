/**
 * The reporter that writes docs/guarantees.md: `npm run guarantees`.
 */
import { Guarantees } from './reporter.ts';

export default class WrittenGuarantees extends Guarantees {
  constructor() {
    super({ writes: true });
  }
}
