#!/usr/bin/env node
import { UserError } from './capture/user-error.ts';
import { reportFailure } from './cli/report-failure.ts';
import { tooOld } from './cli/runtime.ts';
import { version } from './cli/version.ts';

try {
  const words = process.argv.slice(2);
  const refusal = tooOld(process.versions.node);
  if (refusal !== undefined) throw new UserError(refusal);
  if (words[0] === '--print-interfaces') {
    await (await import('./capture/read-interfaces.ts')).printInterfaces();
  } else if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`${version}\n`);
  } else {
    const { program, withDefaultCommand } = await import('./cli/program.ts');
    const root = program();
    await root.parseAsync([...withDefaultCommand(words, root)], { from: 'user' });
  }
} catch (error) {
  process.exitCode = reportFailure(error);
} finally {
  // All is written by now. A tool that was asked for a token and hangs must not keep anybody waiting.
  setTimeout(() => process.exit(), 500).unref();
}
