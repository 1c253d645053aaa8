// All kinds of source. Config, docs and tests derive from this list.
import { bluesky } from './bluesky.js';
import { discourse } from './discourse.js';
import { feed } from './feed.js';
import { hackernews } from './hackernews.js';
import type { SourceKind } from './kind.js';
import { lemmy } from './lemmy.js';
import { mastodon } from './mastodon.js';
import { push } from './push.js';
import { reddit } from './reddit.js';
import { replay } from './replay.js';
import { stackexchange } from './stackexchange.js';
import { statuspage } from './statuspage.js';
import { x } from './x.js';

export const sourceKinds = {
  bluesky,
  discourse,
  feed,
  hackernews,
  lemmy,
  mastodon,
  push,
  reddit,
  replay,
  stackexchange,
  statuspage,
  x,
} satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof sourceKinds;
