const library = new URL('..', import.meta.url).href;

/** Where in the user's source a variable, step or property was declared. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

/**
 * A place in the user's spec. The call stack is kept as the runtime holds it and is turned into text, through
 * source maps where they are on, only when an error needs it: a spec has hundreds of declarations.
 */
export class Site {
  readonly #trace: Error;

  private constructor(trace: Error) {
    this.#trace = trace;
  }

  /** The place that called into the library. */
  static here(): Site {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 12;
    const trace = new Error();
    Error.stackTraceLimit = limit;
    return new Site(trace);
  }

  /** The place at which an error was thrown, if that is in the user's code. */
  static ofError(error: unknown): Site | undefined {
    return error instanceof Error ? new Site(error) : undefined;
  }

  /** The first frame outside the library, or undefined when there is none. */
  locate(): Location | undefined {
    for (const frame of (this.#trace.stack ?? '').split('\n')) {
      const match = /^\s+at (?:.*\()?((?:file:\/\/)?\/.*?|[a-zA-Z]:\\.*?):(\d+):\d+\)?$/.exec(frame);
      if (!match?.[1] || !match[2]) continue;
      const url = match[1].startsWith('file:') ? match[1] : `file://${match[1]}`;
      if (url.startsWith(library) || url.includes('/node_modules/') || isLibrarySource(url)) continue;
      return { file: decodeURIComponent(url.slice('file://'.length)), line: Number(match[2]) };
    }
    return undefined;
  }
}

// With source maps on, the library's own frames are reported as src/, not dist/src/.
const librarySource = library.replace(/\/dist\/src\/$/, '/src/');
const isLibrarySource = (url: string) => url.startsWith(librarySource);
