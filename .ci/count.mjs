// Prints the last line of .ci/run from Jest's JSON reports: node count.mjs FAILED_STEPS REPORT... Besides failing tests
// it counts as failures: a suite that could not run, a failed step, a skipped test whose reason is not declared in
// declared-skips.json, and a report without any test. Runs on any Node.js, because it must work even if installation
// failed.
import { existsSync, readFileSync } from 'node:fs'

const [failedSteps, ...files] = process.argv.slice(2)
const declared = JSON.parse(readFileSync(new URL('declared-skips.json', import.meta.url), 'utf8'))
const reports = files.map((file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [], success: false },
)
const suites = reports.flatMap(({ testResults }) => testResults)
const tests = suites.flatMap((suite) => suite.assertionResults)
const isBroken = (suite) =>
  suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed')
const brokenSuites = suites.filter(isBroken)
const passed = tests.filter(({ status }) => status === 'passed')
const failed = tests.filter(({ status }) => status === 'failed')
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
const undeclared = skipped.filter(({ fullName }) => !declared[fullName])

for (const { fullName } of failed) console.log(`failed: ${fullName}`)
for (const { name } of brokenSuites) console.log(`could not run: ${name}`)
for (const { fullName } of undeclared) console.log(`skipped without a declared reason: ${fullName}`)
const empty = reports.filter(({ testResults }) => testResults.every((suite) => suite.assertionResults.length === 0))
if (empty.length > 0) console.log(`${empty.length} of ${reports.length} runs of tests ran not a single one`)

const named = failed.length + brokenSuites.length + undeclared.length + empty.length
const unnamed = named === 0 && reports.some(({ success }) => success === false) ? 1 : 0
const passes = passed.length
const failures = named + unnamed + Number(failedSteps)
const skips = skipped.length - undeclared.length
console.log(`${passes} passed, ${failures} failed${skips > 0 ? `, ${skips} skipped` : ''}`)
process.exitCode = failures > 0 ? 1 : 0
