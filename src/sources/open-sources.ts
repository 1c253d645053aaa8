// The sources of a config; one whose settings did not change is the same object again, so that it goes on undisturbed.
import type { Source } from '../core/ports.js';
import { type SourceKindName, sourceKinds } from './index.js';
import type { SourceTools } from './kind.js';
import type { Http } from './net/http.js';
import { watchQuota } from './net/quota.js';

/** One source as the config names it: its kind, a unique name, and the options of the kind, checked by its schema. */
export interface SourceSettings {
  name: string;
  kind: string;
  options: Record<string, unknown>;
}

/**
 * Makes the verb that turns settings into sources.
 * @param requestsLeft told what a source's server says of the requests left
 */
export function createOpenSources(
  http: Http,
  catalog: SourceTools['catalog'],
  requestsLeft: (source: string, left: number) => void,
) {
  let made = new Map<string, Source>();
  return function openSources(settings: readonly SourceSettings[]): Source[] {
    made = new Map(
      settings.map((one) => {
        const key = JSON.stringify(one);
        const { name, kind, options } = one;
        const tools = { http: watchQuota(http, (left) => requestsLeft(name, left)), catalog };
        return [key, made.get(key) ?? sourceKinds[kind as SourceKindName].create(name, options as never, tools)];
      }),
    );
    return [...made.values()];
  };
}
