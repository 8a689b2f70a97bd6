// Prints the last line of .ci/run from Jest's JSON report: node count.mjs REPORT FAILED_STEPS. Besides failing tests it
// counts as failures: a suite that could not run, a failed step, a skipped test whose reason is not declared in
// declared-skips.json, and a run without any test. Runs on any Node.js, because it must work even if installation failed.
import { existsSync, readFileSync } from 'node:fs'

const [reportFile, failedSteps] = process.argv.slice(2)
const declared = JSON.parse(readFileSync(new URL('declared-skips.json', import.meta.url), 'utf8'))
const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : { testResults: [] }

const tests = report.testResults.flatMap((suite) => suite.assertionResults)
const isBroken = (suite) =>
  suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed')
const brokenSuites = report.testResults.filter(isBroken)
const passed = tests.filter(({ status }) => status === 'passed')
const failed = tests.filter(({ status }) => status === 'failed')
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
const undeclared = skipped.filter(({ fullName }) => !declared[fullName])

for (const { fullName } of failed) console.log(`failed: ${fullName}`)
for (const { name } of brokenSuites) console.log(`could not run: ${name}`)
for (const { fullName } of undeclared) console.log(`skipped without a declared reason: ${fullName}`)
if (tests.length === 0) console.log('not a single test ran')

const named = failed.length + brokenSuites.length + undeclared.length
const unnamed = named === 0 && (tests.length === 0 || report.success === false) ? 1 : 0
const passes = passed.length
const failures = named + unnamed + Number(failedSteps)
const skips = skipped.length - undeclared.length
console.log(`${passes} passed, ${failures} failed${skips > 0 ? `, ${skips} skipped` : ''}`)
process.exitCode = failures > 0 ? 1 : 0
