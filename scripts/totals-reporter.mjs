import { writeFileSync } from 'node:fs';

/** Jest reporter: leaves the totals of a run in the file that TEST_TOTALS names, for .ci/run. */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_TOTALS;
    if (!file) return;
    // A file that could not even be loaded has no failed test to show; it counts as one.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    writeFileSync(file, JSON.stringify({ passed: results.numPassedTests, failed }));
  }
}
