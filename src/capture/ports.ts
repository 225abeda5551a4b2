import type { Platform, Unanswered } from '../facts/capture.ts';
import type { PlaceNames } from './client-files.ts';
import type { CommandAnswer, CommandRequest } from './run-command.ts';
import type { TcpAnswer, TcpRequest } from './tcp-connect.ts';

/** What a name resolved to, as the `dns-lookup` source reads it. */
export interface LookupAnswer {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly error?: string;
}

/** Files found, and why a folder on the way could not be looked into, where one could not. */
export interface FileList {
  readonly paths: readonly string[];
  readonly closed?: Unanswered;
}

/** Every touch of the world that taking a capture needs. Tests hand in their own. */
export interface Ports {
  readonly platform: Platform;
  readonly now: () => Date;
  /** The absolute path of a system tool; undefined where there is none. */
  readonly find: (tool: string) => Promise<string | undefined>;
  readonly run: (request: CommandRequest) => Promise<CommandAnswer>;
  readonly tcpConnect: (request: TcpRequest) => Promise<TcpAnswer>;
  readonly interfaces: (signal?: AbortSignal) => Promise<CommandAnswer>;
  readonly lookup: (name: string) => Promise<LookupAnswer>;
  /** What the `host` source reads. */
  readonly host: () => Readonly<Record<string, unknown>>;
  readonly places: Readonly<Partial<Record<PlaceNames, string>>>;
  /** Paths of the files below a folder, at most `depth` folders down, whose names fit. */
  readonly list: (folder: string, names: RegExp, depth: number) => Promise<FileList>;
  readonly readFile: (path: string) => Promise<Uint8Array | Unanswered>;
}
