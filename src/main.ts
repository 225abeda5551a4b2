#!/usr/bin/env node
import { program, withDefaultCommand } from './cli/program.ts';
import { reportFailure } from './cli/report-failure.ts';

try {
  const words = process.argv.slice(2);
  if (words[0] === '--print-interfaces') {
    await (await import('./capture/read-interfaces.ts')).printInterfaces();
  } else {
    const root = program();
    await root.parseAsync([...withDefaultCommand(words, root)], { from: 'user' });
  }
} catch (error) {
  process.exitCode = reportFailure(error);
}
