// The map of Korea: outlines, circles that do not hide each other, labels beside the country with lines to them.
import korea from './korea.json';

interface Outline {
  attribution: string;
  attribution_ko: string;
  scale: number;
  provinces: { code: string; name: string; name_ko: string; label: number[]; rings: number[][] }[];
}

const data = korea as unknown as Outline;

// An equirectangular picture about 36.3° N: at this size no reader can tell it from a conformal one.
const [west, east, south, north] = [125.6, 129.75, 33.05, 38.65];
const perDegree = 92;
const squeeze = Math.cos((36.3 * Math.PI) / 180);
const margin = 140;
export const mapWidth = Math.round((east - west) * perDegree * squeeze + 2 * margin);
export const mapHeight = Math.round((north - south) * perDegree);

export function project(longitude: number, latitude: number): [number, number] {
  return [margin + (longitude - west) * perDegree * squeeze, (north - latitude) * perDegree];
}

/** Rings as differences of thousandths of a degree (tools/outlines.py) → an SVG path. */
function path(rings: number[][]): string {
  let out = '';
  for (const ring of rings) {
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < ring.length; i += 2) {
      x += ring[i]!;
      y += ring[i + 1]!;
      const [px, py] = project(x / data.scale, y / data.scale);
      out += `${i === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`;
    }
    out += 'Z';
  }
  return out;
}

export const outline = {
  attribution: data.attribution,
  attributionKo: data.attribution_ko,
  provinces: data.provinces.map((province) => ({ code: province.code, path: path(province.rings) })),
};

export interface Mark {
  name: string;
  place: string;
  title: string;
  sea: boolean;
  x: number;
  y: number;
  mw: number;
}
export type Circle = Mark & { r: number };

const radiusMax = 34;
const radiusMin = 4.5;

/** Circles whose area is the power, pushed apart a little at a time until none covers another's middle. */
export function circles(marks: Mark[], mwMost: number): Circle[] {
  const out = marks.map((mark): Circle => ({ ...mark, r: Math.max(radiusMin, radiusMax * Math.sqrt(Math.max(0, mark.mw) / mwMost)) }));
  for (let round = 0; round < 60; round++) {
    let moved = false;
    for (let i = 0; i < out.length; i++) {
      for (let k = i + 1; k < out.length; k++) {
        const [a, b] = [out[i]!, out[k]!];
        let [dx, dy] = [b.x - a.x, b.y - a.y];
        if (dx === 0 && dy === 0) [dx, dy] = [1, -0.6];
        const distance = Math.hypot(dx, dy);
        const wanted = a.r + b.r + 2;
        if (distance >= wanted) continue;
        const push = (wanted - distance) / 2 / distance;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return out.sort((a, b) => b.r - a.r);
}

export interface Label {
  name: string;
  place: string;
  mw: number;
  x: number;
  y: number;
  anchor: 'start' | 'end';
  leader: string;
}

/** One label a site, in two columns west and east of the country, in the order of latitude and never on each other. */
export function labels(sites: Circle[]): Label[] {
  const middle = project(127.8, 36)[0];
  const out: Label[] = [];
  for (const isWest of [true, false]) {
    const side = sites.filter((site) => site.x < middle === isWest).sort((a, b) => a.y - b.y);
    const gap = 19;
    const ys = side.map((site) => site.y);
    for (let i = 1; i < ys.length; i++) ys[i] = Math.max(ys[i]!, ys[i - 1]! + gap);
    // centred about where they belong, and inside the picture
    const shift = side.length > 0 ? side.reduce((sum, site, i) => sum + ys[i]! - site.y, 0) / side.length : 0;
    const lowest = ys.at(-1) ?? 0;
    const back = Math.max(shift, lowest + 8 - mapHeight);
    side.forEach((site, i) => {
      const y = ys[i]! - back;
      const x = isWest ? margin - 2 : mapWidth - margin + 2;
      const from = isWest ? site.x - site.r : site.x + site.r;
      out.push({
        name: site.name, place: site.place, mw: site.mw, x, y: y + 4, anchor: isWest ? 'end' : 'start',
        leader: `M${from.toFixed(1)} ${site.y.toFixed(1)}L${(isWest ? x + 4 : x - 4).toFixed(1)} ${y.toFixed(1)}`,
      });
    });
  }
  return out;
}
