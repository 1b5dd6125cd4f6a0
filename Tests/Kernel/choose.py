#!/usr/bin/env python3
"""Choose random scenarios that together meet every branch that random scenarios meet, and record the kernel's answers:

choose.py --hookwalk PATH [--family 6] --seed N --pool M [--count K] [--times T] [--out FILE]

PATH is a build that counts what it runs: swift build --product hookwalk --scratch-path DIR -Xswiftc -profile-generate
-Xswiftc -profile-coverage-mapping. The scenarios of M seeds are replayed by the simulator; of these at most K are taken, each the one
that adds most to what is met, until every counter of Simulator and NetfilterModel that any scenario counts up (and every one that some
leave at 0 within a function that they enter) is met T times, or as often as can be. Then the kernel answers those: a scenario that it
refuses, or about which two further runs do not agree with the first, gives its place to another. Each is compared with the
simulator; what differs is left out, and named. FILE is Fixtures/random/scenarios.jsonl, of IPv6 scenarios6.jsonl. Needs root for the kernel, and llvm-profdata."""
import argparse
import concurrent.futures
import functools
import heapq
import json
import operator
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import compact
import generate

WANTED = re.compile(r"\$s(9Simulator|14NetfilterModel)")


numbers = {}                                   # what can be met, numbered as it is seen


def counted(text):
    """What a run met, from llvm-profdata's text, a bit each: a function's counters, above 0, or 0 in a function that ran."""
    met, lines, at = set(), text.split("\n"), 0
    while at < len(lines):
        if lines[at] != "# Func Hash:":
            at += 1
            continue
        name, count = lines[at - 1], int(lines[at + 3])
        counters = lines[at + 5:at + 5 + count]
        at += 5 + count
        if WANTED.search(name) and counters and counters[0] != "0":
            met |= {numbers.setdefault((name, i, c != "0"), len(numbers)) for i, c in enumerate(counters)}
    return sum(1 << n for n in met)


def met(command, profdata, seed, family):
    """The seed, what the simulator meets on its scenario (None if it does not answer), and how long its answer is."""
    with tempfile.TemporaryDirectory() as folder:
        path, raw = os.path.join(folder, "s.json"), os.path.join(folder, "raw")
        with open(path, "w") as f:
            json.dump(generate.scenario(seed, family=family), f)
        try:
            r = subprocess.run([command, "replay", path], capture_output=True, timeout=60, env=dict(os.environ, LLVM_PROFILE_FILE=raw))
        except subprocess.TimeoutExpired:
            return seed, None, 0
        if r.returncode or not os.path.exists(raw):
            return seed, None, 0
        return seed, subprocess.run([profdata, "merge", "--text", "--sparse", raw, "-o", "-"], capture_output=True, text=True).stdout, len(r.stdout)


def greedy(pool, times, count, taken=(), banned=()):
    """Seeds of the pool ({seed: (what it meets, size)}), the most useful for its size first; `taken` are taken before."""
    # missing[k]: what has been met k times so far; the first time counts most
    missing = [0] * times
    for features, _ in pool.values():
        missing[0] |= features
    def worth(seed):
        features, size = pool[seed]
        return sum((features & m).bit_count() / 10 ** k for k, m in enumerate(missing)) / (2000 + size) ** 0.5
    def take(seed):
        features = pool[seed][0]
        for k in reversed(range(times)):
            moved = missing[k] & features
            missing[k] ^= moved
            if k + 1 < times:
                missing[k + 1] |= moved
        chosen.append(seed)
    chosen = []
    for seed in taken:
        take(seed)
    heap = [(-worth(s), s) for s in pool if s not in taken and s not in banned]
    heapq.heapify(heap)
    while heap and len(chosen) < count:
        _, seed = heapq.heappop(heap)
        now = -worth(seed)
        if now == 0:
            continue
        if heap and now > heap[0][0]:
            heapq.heappush(heap, (now, seed))
        else:
            take(seed)
    return chosen


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hookwalk", required=True, help="the build that counts")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--pool", type=int, default=4000, help="scenarios to choose from")
    p.add_argument("--count", type=int, default=400, help="scenarios to choose at most")
    p.add_argument("--times", type=int, default=3, help="how often each branch should be met")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--family", type=int, choices=(4, 6), default=4, help="6: into scenarios6.jsonl")
    p.add_argument("--out")
    p.add_argument("--dry", action="store_true", help="choose, but do not ask the kernel")
    a = p.parse_args()
    file = "scenarios.jsonl" if a.family == 4 else "scenarios6.jsonl"
    a.out = a.out or os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Fixtures/random", file))
    # beside the compiler, for the format of the counts belongs to it
    swift = os.path.realpath(shutil.which("swift") or "")
    profdata = next((x for x in (os.path.join(os.path.dirname(swift), "llvm-profdata"), shutil.which("llvm-profdata")) if x and os.path.exists(x)), None)
    if not profdata:
        p.error("llvm-profdata is missing")
    pool = {}
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as threads:
        for seed, text, size in threads.map(lambda s: met(a.hookwalk, profdata, s, a.family), range(a.seed, a.seed + a.pool)):
            if text:
                pool[seed] = (counted(text), size)
    print(f"{len(pool)} scenarios of {a.pool} meet {len(numbers)} branches", flush=True)
    good, banned = {}, set()
    while True:
        chosen = greedy(pool, a.times, a.count, good, banned)
        missing = [s for s in chosen if s not in good]
        once = functools.reduce(operator.or_, (pool[s][0] for s in chosen), 0)
        print(f"{len(chosen)} chosen, {len(missing)} of them new, meet {once.bit_count()} branches", flush=True)
        if a.dry or not missing:
            break
        for case in cases.settled((generate.scenario(s, family=a.family) for s in missing), a.hookwalk, a.jobs):
            good[case["scenario"]["seed"]] = case
        banned |= {s for s in missing if s not in good}
    if not a.dry:
        os.makedirs(os.path.dirname(a.out), exist_ok=True)
        compact.save(list(good.values()), a.out)
        print(f"{len(good)} scenarios, {os.path.getsize(a.out)} bytes: {a.out}")


if __name__ == "__main__":
    main()
