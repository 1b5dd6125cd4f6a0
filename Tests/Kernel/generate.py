#!/usr/bin/env python3
"""Random scenarios, the same for the same seed: generate.py --seed N --count M [--only FEATURE,...] --out DIR

A feature is a table, a match, a target, a kind of traffic or a tag (--list prints them); --only makes what carries one of
them much more frequent. As a module: scenario(seed, only)."""
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import packets
import rules
import set_scenes  # noqa: F401  registers its match and target
import topology
from matches import HEADER, MATCHES
from mix import Mix
from targets import TARGETS


THEMES = ["nat", "snat masquerade", "dnat", "redirect", "netmap", "dnat local", "nat icmp related", "nat fragments", "conntrack tcp", "state", "conntrack icmp",
          "icmp related", "fragments", "routing iprule mark", "rp_filter odd-addresses", "mark connmark", "repeat limit", "repeat recent", "repeat hashlimit",
          "repeat quota statistic", "string payload", "u32", "tcp tcpmss", "mtu large reject", "owner local", "ip-options", "protocols", "broken checksum",
          "odd-addresses addrtype", "raw notrack", "reject", "ttl tos dscp ecn mangle", "tcpoptstrip tcp", "broadcast multicast pkttype", "security",
          "answers input", "connbytes conntrack", "multiport iprange", "nat protocols", "local dnat mark", "odd-tcp conntrack", "icmp-error icmp-types", "time limit recent", "sctp conntrack", "dccp conntrack", "syntax",
          "connlimit conversation", "cluster hmark", "tee", "tproxy socket", "connlabel cluster", "set", "set repeat", "set fragments"]

THEMES6 = THEMES + ["extensions ip-options", "extensions fragments", "npt", "icmp icmp-types", "icmp-types conntrack", "large fragments mtu", "local mark mangle iprule", "expiry",
                    "odd-addresses answers", "extensions answers", "fragments answers", "protocols answers"]


def features():
    names = set(rules.BUILTIN) | {"answers", "input", "syntax", "forward", "iprule", "routing", "rp_filter", "sysctl", "route_localnet"}
    for registry in (HEADER, MATCHES, TARGETS, packets.TRAFFIC):
        for entry in registry.values():
            names |= entry.tags
    return sorted(names)


def scenario(seed, only=None, family=4):
    """A scenario; only: names of features to favour."""
    r = Mix(f"hookwalk {seed}" + ("" if family == 4 else f" family {family}"), only)
    r.choose_theme(THEMES if family == 4 else THEMES6, 0.6)
    world = topology.build(r, family)
    world.recent_names = r.sample(["DEFAULT", "seen", "knock", "bad-guys"], 2)
    world.hashlimits = 0
    world.sets, world.set_names = [], []
    steps = packets.make(r, world)
    world.timed = any("wait" in s for s in steps)
    s = world.scenario()
    s["rules" if family == 4 else "rules6"] = rules.make(r, world, steps)
    if "-m time" in s["rules" if family == 4 else "rules6"] or "--match time" in s["rules" if family == 4 else "rules6"]:
        s["at"] = 1772323200                    # the first of March of 2026
    if world.sets:
        s["ipset"] = "\n".join(world.sets) + "\n"
    s["packets"] = steps
    s["seed"] = seed
    return s


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", type=int, default=1, help="of the first scenario; the next has the next number")
    p.add_argument("--count", type=int, default=1)
    p.add_argument("--only", default="", help="features to favour, separated by commas")
    p.add_argument("--family", type=int, choices=(4, 6), default=4)
    p.add_argument("--out", help="folder for SEED.json; without it, scenarios are printed")
    p.add_argument("--list", action="store_true", help="print the features")
    a = p.parse_args()
    if a.list:
        print(" ".join(features()))
        return
    only = [o for o in a.only.split(",") if o]
    unknown = [o for o in only if o.lower() not in features()]
    if unknown:
        p.error(f"no such feature: {', '.join(unknown)}")
    if a.out:
        os.makedirs(a.out, exist_ok=True)
    for seed in range(a.seed, a.seed + a.count):
        text = json.dumps(scenario(seed, only, a.family), indent=1)
        if a.out:
            with open(os.path.join(a.out, f"{seed}.json"), "w") as f:
                f.write(text + "\n")
        else:
            print(text)


if __name__ == "__main__":
    main()
