import { labCommand } from './command-line.ts';

process.exitCode = await labCommand(process.argv.slice(2));
