// A feed as its parser found it, before anything is made of it: what both XML parsers give.

/** One field of an entry as written. */
export interface RawField {
  /** Characters as decoded by the parser; HTML when `markup` is set. */
  text: string;
  /** Attributes by local name. */
  attrs: Record<string, string>;
  /** True: the text was put together from child elements and is HTML; false: it is what stood in the field. */
  markup: boolean;
}

/** One entry. Field names are canonical: lower case, core names bare, others with their usual prefix (`dc:date`). */
export interface RawEntry {
  fields: Map<string, RawField[]>;
  /** `xml:base` of the entry and around it, outermost first. */
  bases: string[];
  lang: string | null;
}

export interface RawFeed {
  title: RawField | null;
  /** Links of the feed itself, as bases for those of its entries. */
  links: string[];
  lang: string | null;
  entries: RawEntry[];
  /** Ids that tombstones name (RFC 6721). */
  deleted: string[];
}
