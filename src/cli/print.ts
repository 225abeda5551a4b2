/** Writes to stdout and waits until it is out: a pipe would lose the tail of a long report at exit. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // Whoever closed the pipe has seen enough (`onlink … | head`).
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
