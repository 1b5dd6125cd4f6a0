#!/usr/bin/env python3
"""Random set files in both tools' hands: sets.py --hookwalk PATH [--count 500] [--seed 1] [--faulty 0.4]

Each text goes to `ipset restore` in a namespace of its own and to `hookwalk sets`: the verdicts must be equal, and where
both take it, the lines of `ipset save`, sorted. What a kernel chooses is masked: the initval, the size to which a hash or
a bucket grows, two seconds of a timeout. Sets of types that the kernel lacks are left out. Where both refuse, the kernel's
grounds are compared with the name of the problem, and the line, where ipset names one, must be among those that are
reported. --record FILE writes the cases that agree, with ipset's answers (Fixtures/sets/texts.txt); exit 1 on any difference."""
import argparse
import collections
import ctypes
import random
import re
import subprocess
import sys

TYPES = ["bitmap:ip", "bitmap:ip,mac", "bitmap:port", "hash:ip", "hash:net", "hash:ip,port", "hash:ip,port,ip", "hash:ip,port,net",
         "hash:net,port", "hash:net,iface", "list:set"]
GROUNDS = [                                     # what ipset says, and the names of the problem
    (r"set with the given name does not exist|second set does not exist|does not exist", "unknown-set"),
    (r"already exists|with the new name", "set-exists"),
    (r"it's already added", "entry-exists"), (r"it's not added", "entry-missing"), (r"is full", "set-full"),
    (r"in use by", "set-in-use"), (r"type does not match", "sets-differ"), (r"NOT in set", "failed-set-test"),
    (r"was created without", "missing-set-extension"),
    (r"is unknown", "unknown-set-type"),
    (r"Unknown argument: |Missing mandatory argument of|already specified|Mandatory option|mutually exclusive", "bad-set-option"),
    (r"No command|Missing (second )?mandatory|invalid in restore|too long to parse", "bad-set-line"),
]


class Maker:
    """Makes one text."""

    def __init__(self, seed, faulty):
        self.r = random.Random(f"sets {seed}")
        self.faulty = self.r.random() < faulty
        self.sets, self.entries = {}, collections.defaultdict(list)

    def pick(self, *items):
        return self.r.choice(items)

    def address(self, family):
        r = self.r
        if family == 6:
            return r.choice(["2001:db8::%x", "2001:db8:%x::1", "fd00:1::%x"]) % r.randrange(1, 40)
        return "10.%d.%d.%d" % (r.choice([0, 0, 1]), r.choice([0, 1, 2]), r.randrange(1, 60))

    def port(self, family):
        r = self.r
        kind = r.random()
        if kind < 0.5:
            return r.choice(["", "tcp:", "udp:", "sctp:", "6:", "udplite:", "TCP:"]) + r.choice(["80", "443", "0x16", "0", "65535", str(r.randrange(1, 2000))])
        if kind < 0.65:
            low = r.randrange(1, 1000)
            return r.choice(["", "tcp:", "udp:"]) + f"{low}-{low + r.randrange(-3, 6)}"
        if kind < 0.75:
            return r.choice(["ssh", "tcp:smtp", "udp:domain", "http", "[ftp-data]", "www"])
        if kind < 0.9:
            name = "icmp" if family == 4 else r.choice(["icmpv6", "ipv6-icmp", "58"])
            names = ["echo-request", "pong", "port-unreachable", "PING", "8/0", "3/255", "redirect" if family == 6 else "host-redirect"]
            return f"{name}:{r.choice(names)}"
        return r.choice(["gre:0", "esp:0", "47:0", "89:0", "ospf:0", "200:0", "dccp:0"])

    def part(self, part, family, command):
        r = self.r
        a = self.address(family)
        if part in ("ip", "net") and family == 4 and command != "test" and r.random() < 0.15:
            return f"{a}-{self.address(4) if r.random() < 0.2 and part == 'net' else a[:a.rindex('.')] + '.%d' % r.randrange(1, 80)}"
        if part == "ip":
            return a + (f"/{r.randrange(27, 33)}" if family == 4 and command != "test" and r.random() < 0.15 else "")
        if part == "one":
            return a
        if part == "net":
            return a + (f"/{r.choice([8, 16, 20, 24, 24, 30, 31, 32] if family == 4 else [32, 48, 64, 127, 128])}" if r.random() < 0.75 else "")
        if part == "port":
            return self.port(family)
        if part == "number":
            return r.choice(["", "", "tcp:", "udp:"]) + r.choice(["80", "443", str(r.randrange(60, 520)), f"{r.randrange(60, 200)}-{r.randrange(60, 500)}"])
        if part == "mac":
            return ":".join("%x" % r.randrange(256) if r.random() < 0.3 else "%02X" % r.randrange(3) for _ in range(6))
        return r.choice(["eth0", "eth1", "ppp", "physdev:eth0", "e", "wlan0123456789a"])

    def create(self, name, kind):
        r, words = self.r, []
        family = 6 if kind.startswith("hash") and r.random() < 0.35 else 4
        if kind.startswith("hash") and (family == 6 or r.random() < 0.3):
            words.append(r.choice(["family inet6", "family ipv6", "-6"]) if family == 6 else r.choice(["family inet", "-4", "--family ipv4"]))
        if kind in ("bitmap:ip", "bitmap:ip,mac"):
            words.append(r.choice(["range 10.0.0.0/16", "range 10.0.0.0-10.0.2.70", "range 10.0.2.255-10.0.0.0", "--network 10.0.0.0/15", "range 10.0.0.0/22"]))
            if kind == "bitmap:ip" and r.random() < 0.3:
                words.append(f"netmask {r.choice([24, 26, 28, 30, 31, 32])}")
        if kind == "bitmap:port":
            words.append(r.choice(["range 60-520", "range 0-65535", "range 520-60", "range tcp:ssh-1024", "from 50 to 600"]))
        options = {"timeout": f"timeout {r.choice([0, 100, 600, 2147483])}", "counters": "counters", "comment": "comment", "skbinfo": "skbinfo"}
        if kind.startswith("hash"):
            options.update(hashsize=f"hashsize {r.choice([1, 64, 100, 1024, 5000])}", maxelem=f"maxelem {r.choice([3, 100, 70000])}",
                           bucketsize=f"bucketsize {r.choice([0, 3, 4, 12, 200])}", initval=f"initval {r.choice(['7', '0xabc'])}")
            if kind in ("hash:ip", "hash:ip,port"):
                options.update(netmask=f"netmask {r.choice([24, 30, 32] if family == 4 else [64, 112, 128])}" if r.random() < 0.6 else
                               "bitmask " + (r.choice(["255.255.0.255", "255.255.255.0"]) if family == 4 else "ffff:ffff::ff"))
        if kind == "list:set":
            options["size"] = f"size {r.choice([0, 3, 9])}"
        chosen = [o for o in options if r.random() < (0.35 if o != "maxelem" else 0.15)]
        words += [options[o] for o in r.sample(chosen, len(chosen))]
        self.sets[name] = (kind, family, chosen)
        return " ".join([f"{r.choice(['create', 'create', 'create', 'new', '-N', 'c'])} {name} {kind}"] + words)

    def element(self, name, command):
        kind, family, _ = self.sets[name]
        if kind == "list:set":
            members = [s for s in self.sets if self.sets[s][0] != "list:set"]
            return self.r.choice(members) if members else "none"
        parts = {"bitmap:ip": ["ip"], "bitmap:ip,mac": ["one", "mac"], "bitmap:port": ["number"], "hash:ip": ["ip"], "hash:net": ["net"],
                 "hash:ip,port": ["ip", "port"], "hash:ip,port,ip": ["ip", "port", "one"], "hash:ip,port,net": ["ip", "port", "net"],
                 "hash:net,port": ["net", "port"], "hash:net,iface": ["net", "iface"]}[kind]
        if kind == "bitmap:ip,mac" and self.r.random() < 0.4:
            parts = parts[:1]
        return ",".join(self.part(p, family, command) for p in parts)

    def add(self, name):
        r = self.r
        kind, family, chosen = self.sets[name]
        element = self.element(name, "add")
        self.entries[name].append(element)
        words = []
        if "timeout" in chosen and r.random() < 0.4:
            words.append(f"timeout {r.choice([0, 50, 1000])}")
        if "counters" in chosen and r.random() < 0.4:
            words += r.sample([f"packets {r.randrange(99)}", f"bytes 0x{r.randrange(99):x}"], r.randrange(1, 3))
        if "comment" in chosen and r.random() < 0.4:
            words.append(r.choice(['comment "two words"', "comment one", 'comment a" b"c']))
        if "skbinfo" in chosen and r.random() < 0.4:
            words += r.sample([f"skbmark {r.choice(['0x1', '0x12/0xff', '0x0'])}", "skbprio 1:a", f"skbqueue {r.randrange(9)}"], r.randrange(1, 4))
        if ",net" in kind or kind.startswith("hash:net"):
            if r.random() < 0.15:
                words.append("nomatch")
        if kind == "hash:net,iface" and r.random() < 0.2:
            words.append("wildcard")
        if kind == "list:set" and self.entries[name] and r.random() < 0.2:
            words.append(f"{r.choice(['before', 'after'])} {r.choice(self.entries[name])}")
        return " ".join([f"{r.choice(['add', 'add', 'add', '-A', 'a'])} {name} {element}"] + words)

    def text(self):
        r, lines = self.r, []
        for i in range(r.randrange(1, 4)):
            lines.append(self.create("s%d" % i, r.choice(TYPES[:-1])))
        if r.random() < 0.3:
            lines.append(self.create("l0", "list:set"))
        for _ in range(r.randrange(1, 14)):
            name, act = r.choice(list(self.sets)), r.random()
            if act < 0.75:
                lines.append(self.add(name))
            elif act < 0.82 and self.entries[name]:
                lines.append(f"{r.choice(['del', '-D'])} {name} {r.choice(self.entries[name])}")
            elif act < 0.86 and self.entries[name]:
                lines.append(f"test {name} {r.choice(self.entries[name])}")
            elif act < 0.89:
                lines.append(f"flush {name}")
            elif act < 0.91 and len(self.sets) > 1:
                lines.append(f"swap {name} {r.choice([s for s in self.sets if s != name])}")
            elif act < 0.93:
                lines.append(r.choice(["COMMIT", "# a remark", "", f"list {name}", f"save {name}", "-q list"]))
            elif act < 0.95 and name.startswith("s"):
                lines.append(f"rename {name} {name}x")
                self.sets[name + "x"], self.entries[name + "x"] = self.sets.pop(name), self.entries.pop(name, [])
            elif act < 0.96:
                lines.append(f"destroy {name}")
        # Most random entries would meet one that is there.
        if r.random() < 0.7:
            lines = [("-exist " if r.random() < 0.95 else "") + l if l[:2] in ("ad", "de", "-A", "-D", "a ") else l for l in lines]
            lines[0] = "-! " + lines[0] if r.random() < 0.7 else lines[0]
        if self.faulty:
            at = r.randrange(len(lines))
            lines[at] = self.spoil(lines[at])
        return "\n".join(lines) + "\n"

    def spoil(self, line):
        r, words = self.r, line.split(" ")
        at = r.randrange(len(words))
        return r.choice([
            lambda: " ".join(words[:at] + words[at + 1:]), lambda: " ".join(words[:at] + [words[at]] + words[at:]),
            lambda: line + r.choice([" x", " timeout", " timeout x", " nomatch", " counters", " comment", " packets 1", " before s0", ' "']),
            lambda: line.replace("10.", r.choice(["10..", "300.", "x.", "::"]), 1), lambda: line.replace("/", "/9", 1),
            lambda: line.replace(",", r.choice(["", ",,", ";"]), 1), lambda: line.replace(":", "", 1), lambda: line.replace("-", "/", 1),
            lambda: line[:r.randrange(1, len(line) + 1)], lambda: re.sub(r"\d", lambda _: str(r.randrange(10)), line),
            lambda: re.sub(r"s(\d)", lambda m: "s%d" % (int(m[1]) + 1), line), lambda: line.upper(), lambda: line[::-1],
            lambda: r.choice(["help", "version", "restore", "create", "add s0", "quit", "destroy", "frob", "create s0 hash:ipx", "swap s0", "add s9 1.1.1.1"]),
        ])()


def in_namespace():
    """A network namespace of this process's own."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        sys.exit("sets.py needs root")


def real(text):
    """The verdict of ipset: (accepted, what it says, sorted lines of ipset save)."""
    for _ in range(50):
        subprocess.run(["ipset", "flush"], capture_output=True)
        if subprocess.run(["ipset", "destroy"], capture_output=True).returncode == 0:
            break
    done = subprocess.run(["ipset", "restore"], input=text.encode(), capture_output=True)
    said = (done.stdout + done.stderr).decode(errors="replace")
    saved = subprocess.run(["ipset", "save"], capture_output=True).stdout.decode(errors="replace") if done.returncode == 0 else ""
    return done.returncode == 0, said, sorted(saved.splitlines())


def ours(command, text):
    done = subprocess.run([command, "sets", "-"], input=text.encode(), capture_output=True)
    return done.returncode, done.stderr.decode(errors="replace"), sorted(done.stdout.decode(errors="replace").splitlines())


def masked(lines, many=False):
    """Lines without what the kernel chooses: ({line: timeout})."""
    out = collections.Counter()
    times = {}
    for line in lines:
        # ipset prints a length behind the bitmask of IPv6 that means nothing.
        line = re.sub(r"( bitmask [0-9a-f:]+)/\d+", r"\1", re.sub(r" initval 0x[0-9a-f]+", "", line))
        if " hash:net,iface " in line:
            line = re.sub(r" bucketsize \d+", "", line)
        if many and line.startswith("create"):
            line = re.sub(r" hashsize \d+", "", line)
        found = line.startswith("add") and re.match(r"(.*) timeout (\d+)(.*)", line)
        if found:
            line = f"{found[1]} timeout {'0' if found[2] == '0' else 'T'}{found[3]}"
            times[line] = int(found[2])
        out[line] += 1
    return out, times


def differences(text, theirs, mine):
    accepted, said, saved = theirs
    code, complaint, printed = mine
    if "set-not-simulated" in complaint or "ipset> " in said:
        return None                             # up to chance, or `-`, behind which ipset talks to a terminal
    if (code == 0) != accepted:
        return [f"verdict: ipset {'takes' if accepted else 'refuses'} it: {said.strip()[:200]}; here {code} {complaint.strip()[:200]}"]
    if code not in (0, 3):
        return [f"exit code {code}: {complaint[:300]}"]
    if not accepted:
        ids = set(re.findall(r"error: .*\[([a-z-]+)\]", complaint))
        lines = {int(n) for n in re.findall(r"^stdin:(\d+):\d+: error", complaint, re.M)}
        at = re.search(r"Error in line (\d+)", said)
        if at and int(at[1]) not in lines:
            return [f"line: ipset {said.strip()[:200]}; here {complaint.strip()[:300]}"]
        name = next((n for pattern, n in GROUNDS if re.search(pattern, said)), None)
        if name and name not in ids:
            return [f"grounds: ipset {said.strip()[:200]}; here {complaint.strip()[:300]}"]
        return []
    size = lambda lines: sum(int(n) for l in lines if l.startswith("create") for n in re.findall(r" hashsize (\d+)", l))
    many = size(saved) > size(printed)
    (a, times), (b, own) = masked(saved, many), masked(printed, many)
    if a != b:
        return [f"save: only ipset {sorted((a - b).elements())[:4]}; only here {sorted((b - a).elements())[:4]}"]
    late = [(l, times[l], own[l]) for l in times if not -1 <= own[l] - times[l] <= 3]
    return [f"timeout: {late[0]}"] if late else []


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hookwalk", required=True)
    p.add_argument("--count", type=int, default=500)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--faulty", type=float, default=0.4)
    p.add_argument("--record", help="write the cases with ipset's answers")
    p.add_argument("--show", type=int, default=8, help="how many differences are shown")
    a = p.parse_args()
    in_namespace()
    tally, shown, kept = collections.Counter(), 0, []
    for seed in range(a.seed, a.seed + a.count):
        text = Maker(seed, a.faulty).text()
        theirs = real(text)
        found = differences(text, theirs, ours(a.hookwalk, text))
        tally["accepted" if theirs[0] else "refused"] += 1
        if found is None:
            tally["not simulated"] += 1
        elif found:
            tally["different"] += 1
            if shown < a.show:
                shown += 1
                print(f"--- seed {seed}\n{text}{found[0]}")
        elif len(theirs[2]) < 60 and masked(theirs[2])[0] == masked(ours(a.hookwalk, text)[2])[0]:
            at = re.search(r"Error in line (\d+)", theirs[1])
            kept.append({"text": text, "save": theirs[2]} if theirs[0] else {"text": text, "line": int(at[1]) if at else 0})
    if a.record:
        with open(a.record, "w") as f:
            for case in kept:
                head = "accepted" if "save" in case else f"refused {case['line']}"
                f.write(f"=== {head}\n{case['text']}")
                if "save" in case:
                    f.write("--- save\n" + "".join(l + "\n" for l in sorted(masked(case["save"])[0].elements())))
    print(dict(tally))
    sys.exit(1 if tally["different"] else 0)


if __name__ == "__main__":
    main()
