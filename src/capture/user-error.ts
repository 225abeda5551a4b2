/** A person's mistake: a bad flag, an unreadable file. The message names what and where; exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
