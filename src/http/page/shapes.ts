// The shapes of countries (Natural Earth) as pictures of their own: drawn once, kept by the browser, coloured by each page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type GeoProjection,
  geoAzimuthalEqualArea,
  geoCentroid,
  geoDistance,
  geoNaturalEarth1,
  geoPath,
  geoArea as sphereArea,
} from 'd3-geo';
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

type Country = Feature<Polygon | MultiPolygon, { name: string }>;
type LngLat = [lng: number, lat: number];

/** ISO 3166-1 numbers, by which the shapes go, to letters. */
const numbers: Record<string, string> = JSON.parse(
  readFileSync(new URL('./data/country-numbers.json', import.meta.url), 'utf8'),
);

/** A picture of the world or of one country; lengths in its own units, a fraction of a pixel each. */
export interface Shapes {
  width: number;
  height: number;
  /** Codes of the countries that have a shape of their own in it, under that id. */
  codes: ReadonlySet<string>;
  /** Where a point of the earth lies in it; null when that is outside. */
  spot(point: LngLat): [x: number, y: number] | null;
  /** The SVG document that the shapes are used from. */
  svg: string;
}

const load = createRequire(import.meta.url);
/** Countries by their letters; disputed lands without any go by their name. Antarctica is left out. */
function countriesOf(resolution: '110m' | '50m'): [code: string, shape: Country][] {
  const topology = load(`world-atlas/countries-${resolution}.json`) as Topology<{
    countries: GeometryCollection<{ name: string }>;
  }>;
  const all = feature(topology, topology.objects.countries) as FeatureCollection<
    Polygon | MultiPolygon,
    { name: string }
  >;
  return all.features
    .filter((shape) => shape.id !== '010')
    .map((shape) => [
      shape.properties.name === 'Kosovo' ? 'XK' : (numbers[String(shape.id)] ?? shape.properties.name),
      shape,
    ]);
}

/** A path of whole, relative steps: half the size of one with decimals, and finer than a screen shows. */
function createPen() {
  let path = '';
  let [x, y] = [0, 0];
  return {
    moveTo(nextX: number, nextY: number) {
      [x, y] = [Math.round(nextX), Math.round(nextY)];
      path += `M${x} ${y}l`;
    },
    lineTo(nextX: number, nextY: number) {
      const [dx, dy] = [Math.round(nextX) - x, Math.round(nextY) - y];
      if (dx === 0 && dy === 0) return;
      path += `${path.endsWith('l') || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
      [x, y] = [x + dx, y + dy];
    },
    closePath() {
      path += 'z';
    },
    arc() {},
    beginPath() {},
    /** What was drawn since; shapes smaller than a unit leave nothing. */
    take() {
      const drawn = path.replace(/M-?\d+ -?\d+lz?(?=M|$)/g, '');
      path = '';
      return drawn;
    },
  };
}

/** Width of every picture in its own units: about a third of a pixel each. */
const width = 2400;

function build(height: number, projection: GeoProjection, countries: [string, Country | MultiPolygon][]): Shapes {
  const pen = createPen();
  const draw = geoPath(projection, pen);
  const codes = new Set<string>();
  const paths = countries.flatMap(([code, shape]) => {
    draw(shape);
    const d = pen.take();
    if (d === '') return [];
    if (!/^[A-Z]{2}$/.test(code)) return `<path d="${d}"/>`;
    codes.add(code);
    return `<path id="${code}" d="${d}"/>`;
  });
  return {
    width,
    height,
    codes,
    spot(point) {
      const at = projection(point);
      if (!at || at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) return null;
      return [Math.round(at[0]), Math.round(at[1])];
    },
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><g id="land">${paths.join('')}</g></svg>`,
  };
}

/** One piece of land, with the circle around it; angles in radians. */
interface Land {
  polygon: Position[][];
  centre: LngLat;
  radius: number;
  area: number;
}

function landsOf({ geometry }: Country): Land[] {
  return (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((polygon) => {
    const one: Polygon = { type: 'Polygon', coordinates: polygon };
    const centre = geoCentroid(one);
    const radius = Math.max(...(polygon[0] ?? []).map((at) => geoDistance(centre, at as LngLat)));
    return { polygon, centre, radius, area: sphereArea(one) };
  });
}

const together = (lands: readonly Land[]): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: lands.map((land) => land.polygon),
});

/** The main land of a country and what lies near it or is large too: its frame is not stretched by islands far away. */
function mainland(lands: readonly Land[]): Land[] {
  const main = lands.reduce((a, b) => (b.area > a.area ? b : a));
  const near = (l: Land) => l.area > main.area / 500 && geoDistance(l.centre, main.centre) < main.radius * 1.3;
  return lands.filter((l) => l.area > main.area / 4 || near(l));
}

const known = new Map<string, Shapes>();

/** The world. */
export function worldShapes(): Shapes {
  const made = known.get('world');
  if (made) return made;
  const countries = countriesOf('110m');
  const height = 1140;
  const all: FeatureCollection = { type: 'FeatureCollection', features: countries.map(([, shape]) => shape) };
  const shapes = build(height, geoNaturalEarth1().fitSize([width, height], all), countries);
  known.set('world', shapes);
  return shapes;
}

let fine: { code: string; lands: Land[] }[] | null = null;

/** One country amid its neighbours, or null when there is no shape of it. @param code ISO 3166-1 alpha-2. */
export function countryShapes(code: string): Shapes | null {
  const made = known.get(code);
  if (made) return made;
  fine ??= countriesOf('50m').map(([code, shape]) => ({ code, lands: landsOf(shape) }));
  const lands = fine.find((country) => country.code === code)?.lands;
  if (!lands) return null;
  const main = together(mainland(lands));
  const [lng, lat] = geoCentroid(main);
  const projection = geoAzimuthalEqualArea().rotate([-lng, -lat]).precision(4);
  // Its height follows the country's own, within what a page has room for.
  const [[left, top], [right, bottom]] = geoPath(projection.fitWidth(2000, main)).bounds(main);
  const height = Math.round(Math.min(2000, Math.max(1300, (2000 * (bottom - top)) / (right - left) + 200)));
  const frame: [[number, number], [number, number]] = [
    [100, 100],
    [width - 100, height - 100],
  ];
  projection.fitExtent(frame, main).clipExtent([
    [-20, -20],
    [width + 20, height + 20],
  ]);
  // How far the corners of the frame are from its middle: what lies beyond is not drawn at all.
  const reach = Math.asin(Math.min(1, Math.hypot(width, height) / 2 / projection.scale() / 2)) * 2;
  const near = fine.map((country): [string, MultiPolygon] => [
    country.code,
    together(country.lands.filter((l) => geoDistance(l.centre, [lng, lat]) < reach * 1.2 + l.radius)),
  ]);
  const shapes = build(height, projection, near);
  known.set(code, shapes);
  return shapes;
}
