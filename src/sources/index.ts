// All kinds of source. Config, docs and tests derive from this list.
import { bluesky } from './bluesky.js';
import { feed } from './feed.js';
import { hackernews } from './hackernews.js';
import type { SourceKind } from './kind.js';
import { push } from './push.js';
import { replay } from './replay.js';

export const sourceKinds = { bluesky, feed, hackernews, push, replay } satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof sourceKinds;
