// Text -> mentions: finds the services that a text names.
import type { Catalog, Matcher } from '../core/catalog.js';
import type { Mention } from '../core/post.js';

/** Compiles the catalog's names; the returned matcher is pure and never throws. */
export function createMatcher(catalog: Catalog): Matcher {
  const byName = new Map<string, string>();
  for (const s of catalog.services)
    for (const name of [
      ...s.aliases,
      ...s.handles.map((h) => h.replace('@', '')),
      ...Object.values(s.localAliases).flat(),
    ])
      byName.set(name.toLowerCase(), s.id);
  function find(text: string): Mention[] {
    const found: Mention[] = [];
    const words = [...text.matchAll(/[\p{L}\p{N}&.]+/gu)];
    for (let i = 0; i < words.length; i++)
      for (let n = Math.min(4, words.length - i); n > 0; n--) {
        const start = words[i]!.index;
        const last = words[i + n - 1]!;
        const end = last.index + last[0].length;
        const service = byName.get(text.slice(start, end).toLowerCase());
        if (!service) continue;
        found.push({ service, start, end, words: text.slice(start, end) });
        i += n - 1;
        break;
      }
    return found;
  }
  return {
    match(text, context = null) {
      const found = find(text);
      for (const m of context ? find(context) : [])
        if (!found.some((f) => f.service === m.service)) found.unshift({ ...m, start: -1, end: -1 });
      return found;
    },
  };
}
