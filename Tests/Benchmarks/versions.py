#!/usr/bin/env python3
"""Two builds of the benchmarks beside each other: versions.py --old BENCHMARKS --new BENCHMARKS [--runs 15] [--part rules]

Runs both in turn, so that what else the machine does falls on both, and prints for each figure the median and the spread
(smallest to largest) of either, and the ratio of the medians. BENCHMARKS is the program of that name."""
import argparse
import statistics
import subprocess
import sys


def figures(program, part):
    """The figures of one run by their names."""
    text = subprocess.run([program, part], check=True, capture_output=True, text=True).stdout
    result = {}
    for line in text.splitlines():
        name, number, unit = line.split("\t")[:3]
        result[name] = (float(number), unit)
    return result


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--old", required=True)
    p.add_argument("--new", required=True)
    p.add_argument("--runs", type=int, default=15)
    p.add_argument("--part", default="rules", choices=["rules", "nat", "load", "flow", "million", "full", "source", "many-rules", "suites", "trace",
                                                         "families"])
    a = p.parse_args()
    samples = {"old": [], "new": []}
    for run in range(a.runs):
        for side in ("old", "new") if run % 2 == 0 else ("new", "old"):
            samples[side].append(figures(getattr(a, side), a.part))
        print(f"run {run + 1} of {a.runs}", file=sys.stderr)
    for name, (_, unit) in samples["new"][0].items():
        if any(name not in s for s in samples["old"]):
            continue
        old = sorted(s[name][0] for s in samples["old"])
        new = sorted(s[name][0] for s in samples["new"])
        m, n = statistics.median(old), statistics.median(new)
        print(f"{name:32} old {m:10.2f} ({old[0]:.2f} to {old[-1]:.2f})  new {n:10.2f} ({new[0]:.2f} to {new[-1]:.2f}) {unit}"
              f"  new/old {n / m if m else float('nan'):.3f}")


if __name__ == "__main__":
    main()
