import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;

/** As a bundle names the program that wrote it. */
export const toolName = `onlink ${version}`;
