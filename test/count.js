// Prints `N passed, N failed` from vitest's JSON report; the run's exit code comes second.
// A run that failed without a failed test (a file that does not load, a server that does not start) counts as one failure.
import { existsSync, readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const text = report !== undefined && existsSync(report) ? readFileSync(report, 'utf8') : '';
const { numPassedTests = 0, numFailedTests = 0 } = text === '' ? {} : JSON.parse(text);
const failed = status === '0' ? numFailedTests : Math.max(numFailedTests, 1);
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1;
