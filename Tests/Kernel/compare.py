#!/usr/bin/env python3
"""Compare two answers to the same scenario: compare.py KERNEL.json SIMULATOR.json

Prints each difference as "kind: text" and exits with 1 if there is any. Masked is what a kernel chooses freely: id and
checksum of the IP header of packets that the host made itself, IPv6 flow labels, use=, id= and secctx= of conntrack
entries, and two seconds of a timeout, and as many more as the kernel's run took. The order of tables in a save does not count."""
import json
import re
import sys


def masked_packet(packet, injected):
    """packet (hex) without what the kernel chooses; injected is the packet of the step, or None."""
    data = bytearray.fromhex(packet)
    if data[0] >> 4 == 6:
        data[1] &= 0xf0
        data[2:4] = b"\0\0"
        mask_quoted_label(data)
        mask_fragment_identification(data, injected)
    elif not injected or data[4:6] != bytes.fromhex(injected)[4:6]:
        data[4:6] = data[10:12] = b"\0\0"
    return data.hex()


def mask_quoted_label(data):
    """Clears the flow label of the packet that an ICMPv6 error quotes, and mends the error's checksum."""
    if data[6] != 58 or len(data) < 88 or data[40] >= 128 or data[48] >> 4 != 6:
        return
    word = lambda at: data[at] << 8 | data[at + 1]
    total = (0xffff ^ word(42)) + (0xffff ^ word(48)) + (0xffff ^ word(50))
    data[49] &= 0xf0
    data[50:52] = b"\0\0"
    total += word(48)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    data[42:44] = (total ^ 0xffff).to_bytes(2, "big")


def fragment_identification(data):
    """The identification in the fragment header of an IPv6 packet, or None."""
    if not data or data[0] >> 4 != 6 or len(data) < 48:
        return None
    number, at = data[6], 40
    while number in (0, 43, 51, 60) and at + 8 <= len(data):
        number, at = data[at], at + ((data[at + 1] + 2) * 4 if number == 51 else (data[at + 1] + 1) * 8)
    return data[at + 4:at + 8] if number == 44 else None


def mask_fragment_identification(data, injected):
    """Clears the identification of IPv6 fragments, unless the step's own packet has the same."""
    number, at = data[6], 40
    while number in (0, 43, 44, 51, 60) and at + 8 <= len(data):
        if number == 44:
            if not injected or data[at + 4:at + 8] != fragment_identification(bytes.fromhex(injected)):
                data[at + 4:at + 8] = bytes(4)
            return
        number, at = data[at], at + ((data[at + 1] + 2) * 4 if number == 51 else (data[at + 1] + 1) * 8)


def events(step, injected):
    """The trace records of a step as comparable tuples; records of LOG and NFLOG are left out."""
    return [tuple(t[k] for k in ("table", "chain", "kind", "number", "in", "out", "mark")) + (masked_packet(t["packet"], injected),)
            for t in step.get("trace", []) if "table" in t]


def departures(step, injected):
    return [(e["out"], masked_packet(e["packet"], injected)) for e in step.get("emitted", [])]


def entry(line):
    """A line of the conntrack table as (what it is, its timeout)."""
    line = " ".join(re.sub(r" (use|id|secctx)=\S+", "", line).split())
    found = re.match(r"(\S+ \d+ \S+ \d+) (\d+) (.*)", line)
    return (f"{found[1]} {found[3]}", int(found[2])) if found else (line, 0)


def rule_lines(save):
    """The lines of a save without comments, its tables in alphabetical order."""
    tables, current = {}, None
    for line in save.split("\n"):
        if line.startswith("*"):
            current = tables.setdefault(line, [])
        elif line and line[0] != "#" and current is not None:
            current.append(line)
    return [line for name in sorted(tables) for line in [name] + tables[name]]


def set_lines(lines):
    """The lines of ipset save without what the kernel draws and counts down."""
    lines = [re.sub(r" (initval 0x[0-9a-f]+|hashsize \d+|bucketsize \d+)", "", line) for line in lines]
    return sorted(re.sub(r" timeout [1-9]\d*", " timeout T", line) if line.startswith("add") else line for line in lines)


def first_difference(a, b):
    """Index of the first place where two lists differ, None if they are equal."""
    if a == b:
        return None
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def diff(kernel, simulator, packets=None):
    """A list of (kind, text), empty when the answers agree. packets: as sent; the kernel's unless given."""
    packets = kernel.get("packets", []) if packets is None else packets
    found = []
    if len(kernel["steps"]) != len(simulator.get("steps", [])):
        found.append(("steps", f"{len(kernel['steps'])} steps against {len(simulator.get('steps', []))}"))
    for i, (k, s) in enumerate(zip(kernel["steps"], simulator.get("steps", []))):
        injected = packets[i].get("hex") if i < len(packets) else None
        a, b = events(k, injected), events(s, injected)
        at = first_difference(a, b)
        if at is not None:
            show = lambda l: l[at] if at < len(l) else "ends"
            found.append(("trace", f"step {i} event {at}: kernel {show(a)}; simulator {show(b)}"))
        a, b = departures(k, injected), departures(s, injected)
        if a != b:
            found.append(("emitted", f"step {i}: kernel {a}; simulator {b}"))
    for key in ("save", "save6"):
        a, b = rule_lines(kernel.get(key, "")), rule_lines(simulator.get(key, ""))
        at = first_difference(a, b)
        if at is not None:
            show = lambda l: repr(l[at]) if at < len(l) else "ends"
            found.append((key, f"kernel {show(a)}; simulator {show(b)}"))
    a, b = set_lines(kernel.get("ipset", [])), set_lines(simulator.get("ipset") or [])
    if a != b:
        found.append(("ipset", f"only kernel {[l for l in a if l not in b][:3]}; only simulator {[l for l in b if l not in a][:3]}"))
    a, b = dict(map(entry, kernel.get("conntrack", []))), dict(map(entry, simulator.get("conntrack", [])))
    if set(a) != set(b):
        found.append(("conntrack", f"only kernel {sorted(set(a) - set(b))[:2]}; only simulator {sorted(set(b) - set(a))[:2]}"))
    else:
        slack = 2 + int(kernel.get("elapsed", 0))
        late = [(line, a[line], b[line]) for line in a if abs(a[line] - b[line]) > slack]
        if late:
            found.append(("timeout", str(late[0])))
    return found


def main():
    kernel, simulator = (json.load(open(f)) for f in sys.argv[1:3])
    found = diff(kernel, simulator)
    for kind, text in found:
        print(f"{kind}: {text}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
