#!/usr/bin/env python3
"""Random scenarios through the kernel and through the simulator, compared:

campaign.py --hookwalk PATH --seed N --count M [--only FEATURE,...]   generate, run both, compare
campaign.py --seed N --count M --cache DIR                            only fill a cache of kernel answers
campaign.py --hookwalk PATH --cache DIR --seed N --count M            the same with kernel answers kept and used again
campaign.py --hookwalk PATH --simulate-only DIR                       compare with the answers in DIR (a cache, or what --keep saved)

--keep DIR saves every differing case (SEED.json: scenario, kernel, simulator, differences); --minimise [K] shrinks the
first case of the K biggest groups. When a case differs, the kernel runs it twice again, slowly: "kernel differs from itself" are cases
about which the simulator agrees with both of these runs (the first one was in another hurry, as rate limits show), "not
deterministic" those about which the runs do not agree; both are named and counted apart. Exit 1 on any difference."""
import argparse
import collections
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import compare
import generate
import kernel
import minimise
import report


def rules_text(scenario):
    return scenario.get("rules", "") + scenario.get("rules6", "")


def cached(folder):
    """Seeds in a cache and those known to be useless (refused by the kernel, or not deterministic)."""
    path = os.path.join(folder, "skipped.txt")
    skipped = set(open(path).read().split()) if os.path.exists(path) else set()
    return {f[:-5] for f in os.listdir(folder) if f.endswith(".json")} | skipped


def skip(folder, scenario):
    with open(os.path.join(folder, "skipped.txt"), "a") as f:
        f.write(f"{scenario.get('seed')}\n")


def obtain(a, tell):
    """The cases to compare, from the cache and from the kernel; yields them as they come."""
    only = [o for o in a.only.split(",") if o]
    if a.simulate_only:
        wanted = range(a.seed, a.seed + a.count) if a.count else None
        yield from (c for c in cases.load(a.simulate_only) if wanted is None or c["scenario"].get("seed") in wanted)
        return
    have = set()
    if a.cache:
        os.makedirs(a.cache, exist_ok=True)
        have = cached(a.cache)
        for case in cases.load(a.cache):
            if not a.count or a.seed <= case["scenario"].get("seed", -1) < a.seed + a.count:
                yield case
    missing = (generate.scenario(s, only, a.family) for s in range(a.seed, a.seed + a.count) if str(s) not in have)

    def refused(scenario, answer):
        tell["refused"].append((scenario.get("seed"), answer["stage"], answer["error"].strip().split("\n")[0]))
        if a.cache:
            skip(a.cache, scenario)

    fresh = cases.answered(missing, a.jobs, refused)
    if not a.cache:
        yield from fresh
        return
    batch = []
    def checked():
        for case, unstable in cases.stable(batch, a.jobs):
            if unstable:
                tell["chance"].append((case["scenario"].get("seed"), unstable[0]))
                skip(a.cache, case["scenario"])
            else:
                cases.save(case, a.cache)
                yield case
    for case in fresh:
        batch.append(case)
        if len(batch) >= 50:
            yield from checked()
            batch = []
    yield from checked()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hookwalk", help="the simulator's command")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--count", type=int, default=0)
    p.add_argument("--only", default="", help="features to favour, see generate.py --list")
    p.add_argument("--family", type=int, choices=(4, 6), default=4)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--cache", help="folder of kernel answers, filled as needed")
    p.add_argument("--simulate-only", metavar="DIR", help="use the kernel answers in DIR, never run the kernel")
    p.add_argument("--keep", metavar="DIR", help="save differing cases here")
    p.add_argument("--minimise", type=int, nargs="?", const=5, default=0, metavar="K")
    p.add_argument("--examples", type=int, default=1, help="differences to print for each group")
    p.add_argument("--groups", type=int, default=40, help="groups to print")
    p.add_argument("--stop", type=int, default=0, metavar="N", help="stop after so many differing scenarios")
    p.add_argument("--show", action="store_true", help="print the whole of each example")
    a = p.parse_args()
    if not a.hookwalk and not a.cache:
        p.error("--hookwalk or --cache")
    if not a.count and not a.simulate_only and not a.cache:
        p.error("--count")
    tell = {"refused": [], "itself": [], "chance": []}
    source, total, bad, groups = obtain(a, tell), 0, 0, collections.defaultdict(list)
    if a.hookwalk:
        for case, answer, found in cases.compared(source, a.hookwalk, a.jobs):
            total += 1
            if found and not a.simulate_only and not a.cache and any(k != "failure" for k, _ in found):
                kind, unstable = cases.asked_again(case, answer)
                if kind:
                    tell[kind].append((case["scenario"].get("seed"), unstable))
                    continue
            if not found:
                continue
            bad += 1
            if a.keep:
                cases.save(case, a.keep, {"simulator": answer, "differences": found})
            groups[report.group(*found[0], case, answer)].append((case, found))
            if a.stop and bad >= a.stop:
                break
    else:
        total = sum(1 for _ in source)
    ordered = sorted(groups.items(), key=lambda g: -len(g[1]))
    for name, members in ordered[:a.groups]:
        print(f"== {len(members)} x {name}  [{' '.join(cases.name(c) for c, _ in members[:12])}]")
        for case, found in sorted(members, key=lambda m: len(rules_text(m[0]["scenario"])))[:a.examples]:
            print(f"   {cases.name(case)}: " + report.readable(f"{found[0][0]}: {found[0][1]}"))
            if a.show:
                print(report.show(case, found), "\n")
    if len(ordered) > a.groups:
        print(f"== and {len(ordered) - a.groups} more groups")
    for name, members in ordered[:a.minimise]:
        case, found = min(members, key=lambda m: len(rules_text(m[0]["scenario"])))
        small, found = minimise.shrink(case, a.hookwalk, found[0][0])
        print(f"\n#### {cases.name(case)}, smaller: {name}\n" + report.show(small, found))
        if a.keep:
            small["scenario"]["seed"] = f"{cases.name(case)}-small"
            cases.save(small, a.keep, {"differences": found})
    for seed, stage, complaint in tell["refused"][:20]:
        print(f"refused by the kernel: {seed}: {stage}: {complaint}")
    if len(tell["refused"]) > 20:
        print(f"and {len(tell['refused']) - 20} more refused")
    for which, words in (("itself", "kernel differs from itself"), ("chance", "not deterministic, left out")):
        for seed, (kind, text) in tell[which]:
            print(f"{words}: {seed}: {kind}: {report.readable(text)[:300]}")
    apart = f", the kernel differs from itself about {len(tell['itself'])}, not deterministic {len(tell['chance'])}"
    print(f"{total} scenarios, {bad} differences" + (apart if tell["itself"] or tell["chance"] else ""))
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
