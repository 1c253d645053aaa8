// What the catalog knows of a service, as far as the classifier asks.
import type { Service } from '../core/catalog.js';

/** Category, parent and dependencies of a service; undefined for one that the catalog does not hold. */
export type Kin = (id: string) => Pick<Service, 'category' | 'parent' | 'dependsOn'> | undefined;
