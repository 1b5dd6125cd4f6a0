#!/usr/bin/env python3
"""What the cases in a folder exercise: coverage.py DIR...

For each match and target: rules that have it, and rules with it that were hit; for the packets: protocols, fates, kinds of
connection. Shows where the generator is blind."""
import collections
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import report


def main():
    have, hit, facts = collections.Counter(), collections.Counter(), collections.Counter()
    total = 0
    for folder in sys.argv[1:]:
        for case in cases.load(folder):
            total += 1
            kernel = case["kernel"]
            for line in kernel["save"].split("\n"):
                m = re.match(r"\[(\d+):\d+\] -A \S+ ?(.*)", line)
                if not m:
                    continue
                matches, target = report.ingredients(m[2])
                bare = re.sub(r'"(\\.|[^"\\])*"', "", m[2])
                names = {"match " + x for x in matches.split("+")} | {"target " + target} | {"option " + o for o in re.findall(r"--[a-z-]+", bare)}
                have.update(names)
                hit.update(names if m[1] != "0" else ())
            for packet, step in zip(kernel["packets"], kernel["steps"]):
                if "hex" not in packet:
                    facts["waits"] += 1
                    continue
                facts["packets"] += 1
                facts["local" if packet.get("local") else "arriving"] += 1
                facts["refused by the socket"] += "error" in step
                facts["traced"] += bool(step["trace"])
                facts["left"] += bool(step["emitted"])
                out = [bytes.fromhex(e["packet"]) for e in step["emitted"]]
                facts["several left"] += len(out) > 1
                facts["ICMP error left"] += any(p[9] == 1 and p[20:21] in (b"\3", b"\x0b", b"\x0c", b"\5") for p in out)
                facts["reset left"] += any(p[9] == 6 and p[33:34] and p[33] & 4 for p in out)
            for line in kernel["conntrack"]:
                facts["connection " + line.split()[2]] += 1
                ends = re.findall(r"(?:src|dst|sport|dport)=(\S+)", line)
                half = len(ends) // 2
                facts["translated " + line.split()[2]] += half >= 2 and (ends[0] != ends[half + 1] or ends[1] != ends[half] or (half == 4 and (ends[2] != ends[7] or ends[3] != ends[6])))
                facts["assured"] += "ASSURED" in line
    print(f"{total} cases")
    for name in sorted(have):
        print(f"{name:40} {have[name]:6} rules {hit[name]:6} hit")
    for name, number in sorted(facts.items()):
        print(f"{name:40} {number:6}")


if __name__ == "__main__":
    main()
