// Hears from answers how many requests a server still allows.
import type { Http } from './http.js';

/** Names under which servers tell it; the draft standard first. */
const names = ['ratelimit-remaining', 'x-ratelimit-remaining', 'x-rate-limit-remaining'];

/** How many requests are left by the headers of an answer; null where they do not say. */
export function quotaLeft(headers: Record<string, string>): number | null {
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined && /^\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  }
  return null;
}

/** The same client; `onLeft` is told what each answer says of the requests left. */
export function watchQuota(http: Http, onLeft: (left: number) => void): Http {
  return {
    ...http,
    async fetch(request) {
      const answer = await http.fetch(request);
      const left = quotaLeft(answer.headers);
      if (left !== null) onLeft(left);
      return answer;
    },
  };
}
