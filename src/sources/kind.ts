// What a kind of source is: its options as a schema, and how to make one.
import type { Static, TObject } from 'typebox';
import type { Service } from '../core/catalog.js';
import type { Source } from '../core/ports.js';
import type { Http } from './net/http.js';

/** What all sources of an installation share. */
export interface SourceTools {
  /** Fetches politely and safely; made once by `createHttp`, so that pacing holds across sources. */
  http: Http;
  /** The catalog as it is at the moment, for what is read of its services by id. */
  catalog?: { services: readonly Pick<Service, 'id' | 'name' | 'parent' | 'statusApi'>[] };
}

/** One kind of source. Config, docs and tests derive from it. */
export interface SourceKind<Options extends TObject = TObject> {
  kind: string;
  /** One sentence for people. */
  description: string;
  /** True: runs without any config, with its defaults. */
  onByDefault: boolean;
  /** Set where the config's list of sources cannot name it: what makes it instead. */
  madeBy?: string;
  /** Every option has a description and a default. */
  options: Options;
  /** Makes the source that the config calls `name`; reads nothing yet. */
  create(name: string, options: Static<Options>, tools: SourceTools): Source;
}

/** Keeps the options of a kind and its `create` in step. */
export function defineKind<Options extends TObject>(kind: SourceKind<Options>): SourceKind<Options> {
  return kind;
}
