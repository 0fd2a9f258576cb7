import { type Catalogue, openCatalogue } from '../edge/catalogue.ts';
import { type Disk, realDisk } from '../edge/disk.ts';
import { openTerminal, type Terminal } from '../edge/terminal.ts';

/** What the outside world gives to a command. */
export interface Context {
  cwd: string;
  /** A workspace package by name or folder, or null. */
  packageName: string | null;
  /** How the project was named, as words of a command line; none where the run began in it. */
  where: readonly string[];
  terminal: Terminal;
  catalogue: Catalogue;
  disk: Disk;
  now: () => Date;
}

/** The options that every command takes. */
export interface CommonOptions {
  cwd?: string;
  package?: string;
  json?: boolean;
  yes?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
}

export type ExitCode = 0 | 1 | 2 | 3;

/** The real world, as the common options ask for it. */
export function realContext(options: CommonOptions): Context {
  return {
    cwd: options.cwd ?? process.cwd(),
    packageName: options.package ?? null,
    where: [
      ...(options.cwd === undefined ? [] : ['--cwd', options.cwd]),
      ...(options.package === undefined ? [] : ['--package', options.package]),
    ],
    terminal: openTerminal({
      json: options.json ?? false,
      quiet: options.quiet ?? false,
      verbose: options.verbose ?? false,
      yes: options.yes ?? false,
      color: options.color ?? true,
    }),
    catalogue: openCatalogue(),
    disk: realDisk(),
    now: () => new Date(),
  };
}
