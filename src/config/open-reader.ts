// What reads one post, as the config wants it.
import { readFileSync } from 'node:fs';
import { loadCatalog } from '../catalog/catalog.js';
import { createLiveCatalog } from '../catalog/live-catalog.js';
import { createLocator } from '../catalog/locator.js';
import { createClassifier, defaultThresholds } from '../classify/classifier.js';
import { languageOf } from '../classify/language.js';
import { loadModel } from '../classify/model.js';
import { messageOf, UsageError } from '../core/errors.js';
import type { Reader } from '../pipeline/ingest.js';
import type { Config } from './schema.js';

/** A reader whose services can be exchanged while it is in use. */
export interface OpenReader extends Reader {
  /**
   * Checks entries, as a file of services holds them, over the catalog and the file of the config.
   * @returns the verb that takes them into use. @throws UsageError that lists every problem.
   */
  prepare(entries: readonly object[]): () => void;
}

function servicesOf(file: string | null): unknown {
  if (file === null) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`catalog.services: cannot read ${file}: ${messageOf(error)}`);
  }
}

/** @throws UsageError for a broken catalog file or model. */
export function openReader(config: Pick<Config, 'catalog' | 'classify'>): OpenReader {
  const services = servicesOf(config.catalog.services);
  const live = createLiveCatalog(loadCatalog({ services }));
  const { catalog, matcher } = live;
  const thresholds = {
    public: config.classify.public ?? defaultThresholds.public,
    support: config.classify.support ?? defaultThresholds.support,
  };
  return {
    catalog,
    matcher,
    locator: createLocator(catalog),
    languageOf,
    classifier: createClassifier(loadModel(config.classify.model ?? undefined), catalog, thresholds),
    thresholds,
    prepare(entries) {
      const next = loadCatalog({ services: [...(services as object[]), ...entries] });
      return () => live.exchange(next);
    },
  };
}
