import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/*
 * Runs inside Wine, in Node: starts Node once more as the plan says. Wine gives each program its own %APPDATA% and user
 * folder, and translates arguments by the locale; from here they are what the plan says, in any letters.
 */
const [plan = ''] = process.argv.slice(2);
const { args, env } = JSON.parse(readFileSync(plan, 'utf8'));
const { status } = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
process.exitCode = status ?? 255;
