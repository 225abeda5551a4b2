#!/usr/bin/env node
import { program } from './cli/program.ts';
import { reportFailure } from './cli/report-failure.ts';

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
