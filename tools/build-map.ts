// Builds src/http/page/data/country-numbers.json: the numbers by which the shapes of countries go, to ISO 3166-1 letters.
// Run: npx tsx tools/build-map.ts
import { writeFileSync } from 'node:fs';
import { iso31661 } from 'iso-3166';

const numbers = Object.fromEntries(iso31661.map((c) => [c.numeric, c.alpha2]));
writeFileSync('src/http/page/data/country-numbers.json', `${JSON.stringify(numbers)}\n`);
