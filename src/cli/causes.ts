import { UserError } from '../capture/user-error.ts';
import { causes } from '../causes/index.ts';
import { causePage } from '../report/cause-page.ts';
import { print } from './print.ts';

/** `onlink causes [CODE]`: the catalogue, or one cause's page. */
export async function causesCommand(code: string | undefined): Promise<void> {
  if (code === undefined) {
    const width = Math.max(...causes.map((cause) => cause.code.length));
    await print(
      causes.map((cause) => `${cause.number.padEnd(4)}  ${cause.code.padEnd(width)}  ${cause.title}\n`).join(''),
    );
    return;
  }
  const cause = causes.find((one) => one.code === code || one.number.toLowerCase() === code.toLowerCase());
  if (cause === undefined) throw new UserError(`causes: no cause is called ${code}; onlink causes lists them`);
  await print(causePage(cause));
}
