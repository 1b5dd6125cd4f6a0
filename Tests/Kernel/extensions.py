#!/usr/bin/env python3
"""Records random scenarios with the rarer matches and targets: extensions.py --hookwalk PATH [--count 40] [--seed 1001] [--features "set"] [--out FILE]

As many for each family; those about which three runs of the kernel and the simulator agree are written to FILE
(Fixtures/random/extensions.jsonl), the others are named."""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import compact
import generate

RARE = ("sctp dccp ipcomp connlimit connlabel cluster devgroup socket bpf realm cgroup clock tproxy tee hmark audit connsecmark idletimer "
        "rateest").split()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hookwalk", required=True, help="the simulator's command")
    p.add_argument("--count", type=int, default=40)
    p.add_argument("--seed", type=int, default=1001)
    p.add_argument("--features", default=" ".join(RARE), help="what the scenarios favour")
    p.add_argument("--out", default=os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Fixtures/random/extensions.jsonl")))
    a = p.parse_args()
    scenarios = [dict(generate.scenario(s, a.features.split(), family), seed=f"{family}-{s}") for family in (4, 6) for s in range(a.seed, a.seed + a.count)]
    # The kernel draws the flow labels of what it sends itself over IPv6.
    made = cases.settled([s for s in scenarios if "rules" in s or s.get("stack") != "answers"], a.hookwalk)
    compact.save(made, a.out)
    print(f"{len(made)} of {len(scenarios)} scenarios, {os.path.getsize(a.out)} bytes: {a.out}")


if __name__ == "__main__":
    main()
