// Fetches politely and safely: time and size limits, redirects, validators, pacing, guarded connections.

/** One request. Only `url` and `signal` are required. */
export interface HttpRequest {
  url: string;
  signal: AbortSignal;
  headers?: Record<string, string>;
}

/** A whole answer, unpacked and within the limits. */
export interface HttpAnswer {
  status: number;
  /** Where the redirects ended. */
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** The one way out to other people's servers. */
export interface Http {
  fetch(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}
