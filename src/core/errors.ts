// Errors that answer for themselves: what is wrong, where, and the way out.

/** Wrong use or wrong input at an edge; its message is fit for the person who gave the input. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something of the installation does not work (port in use, database unwritable); one clear sentence. */
export class OperationalError extends Error {
  override name = 'OperationalError';
}

/** A source could not be read. The thrower says whether trying again helps and when. */
export class SourceError extends Error {
  override name = 'SourceError';
  constructor(
    message: string,
    readonly options: {
      /** Short machine word for health and metrics: `http-503`, `timeout`, `bad-frame`. */
      code: string;
      /** False: the source stays stopped until its config changes. */
      retry: boolean;
      /** Least wait before the next try, ms (from Retry-After). */
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
  }
}

/** The words of an unknown error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
