"""Differences made readable: packets decoded, differences grouped by what rule or stage is likely to blame."""
import re

import compare
import wire


def readable(text):
    """text with every packet in hexadecimal replaced by a description."""
    def decode(m):
        try:
            return "{" + wire.describe(bytes.fromhex(m[0])) + "}"
        except (ValueError, IndexError, OSError):
            return m[0]
    return re.sub(r"\b(?:[0-9a-f]{2}){20,}\b", decode, text)


def rules_of(save):
    """{(table, chain): [rule text]} of a save."""
    found, table = {}, None
    for line in save.split("\n"):
        if line.startswith("*"):
            table = line[1:]
        m = re.match(r"(?:\[\d+:\d+\] )?-A (\S+) ?(.*)", line)
        if m and table:
            found.setdefault((table, m[1]), []).append(m[2])
    return found


def ingredients(rule):
    """The names of the matches and the target of a rule."""
    rule = re.sub(r'"(\\.|[^"\\])*"', "", rule)
    matches = sorted(set(re.findall(r"-m (\S+)", rule)) | {h for h in ("-s", "-d", "-i", "-o", "-f") if re.search(rf"(^| ){h}( |$)", rule)})
    target = re.search(r"-[jg] (\S+)", rule)
    return "+".join(matches) or "no match", target[1] if target else "no target"


def sort_of(raw):
    """What is special about a packet, in a few words."""
    if len(raw) < 20 or raw[0] >> 4 != 4:
        return "not IPv4"
    words = [{1: "ICMP", 6: "TCP", 17: "UDP", 47: "GRE", 132: "SCTP", 33: "DCCP", 136: "UDPLITE"}.get(raw[9], f"proto {raw[9]}")]
    ihl = (raw[0] & 15) * 4
    if raw[6] & 0x3f or raw[7]:
        words.append("fragment")
    elif raw[9] == 1 and len(raw) > ihl:
        kind = raw[ihl]
        words.append("error" if kind in (3, 4, 5, 11, 12) else {8: "request", 0: "reply"}.get(kind, "other type"))
    if ihl > 20:
        words.append(f"with IP option {raw[20]:#x}")
    if int.from_bytes(raw[2:4], "big") != len(raw):
        words.append("with a wrong length")
    if raw[8] <= 1:
        words.append(f"TTL {raw[8]}")
    if len(raw) > 1500:
        words.append("too large")
    target = raw[16]
    if target >= 224 or target in (0, 127):
        words.append(f"to {wire.text(raw[16:20])}")
    if raw[12] >= 224 or raw[12] in (0, 127):
        words.append(f"from {wire.text(raw[12:16])}")
    return " ".join(words)


def field(a, b):
    """The field in which two packets (hex) differ first."""
    a, b = bytes.fromhex(a), bytes.fromhex(b)
    if len(a) != len(b):
        return f"length {len(a)} against {len(b)}" if abs(len(a) - len(b)) < 60 else "length"
    at = next(i for i, (x, y) in enumerate(zip(a, b)) if x != y)
    names = ["version", "TOS", "total length", "total length", "id", "id", "fragment bits", "fragment bits", "TTL", "protocol", "IP checksum", "IP checksum"]
    ihl = (a[0] & 15) * 4
    if 10 <= at < 12:
        return "IP checksum"
    if at < 20:
        return names[at] if at < 12 else "source" if at < 16 else "destination"
    if at < ihl:
        return "IP options"
    if a[9] == 1 and at - ihl >= 8 or a[9] == 1 and 2 <= at - ihl < 4:
        inner = next((i for i in range(ihl + 8, len(a)) if a[i] != b[i]), ihl + 8) - ihl - 8
        return f"ICMP quotation at {inner}"
    return f"{sort_of(a)} at {at - ihl}"


def where(kernel, simulator, packets):
    """A short name for a difference in the trace: what the kernel and the simulator disagree about first."""
    rules = rules_of(kernel.get("save", ""))
    for i, (k, s) in enumerate(zip(kernel["steps"], simulator["steps"])):
        injected = packets[i].get("hex") if i < len(packets) else None
        a, b = compare.events(k, injected), compare.events(s, injected)
        at = compare.first_difference(a, b)
        if at is None:
            continue
        what = sort_of(bytes.fromhex(injected)) if injected else ""
        what = ("local " if packets[i].get("local") else "") + what
        if at >= len(a):
            return f"simulator goes on after {previous(a, rules)} [{what}]"
        if at >= len(b):
            return f"simulator ends after {previous(a[:at], rules)} [{what}]"
        x, y = a[at], b[at]
        if x[:2] != y[:2]:
            return f"path after {previous(a[:at], rules)}: kernel {x[1]}, simulator {y[1]} [{what}]"
        if x[2:4] != y[2:4]:
            number, who = (x[3], "only kernel") if x[3] <= y[3] else (y[3], "only simulator")
            body = rules.get(x[:2], [])
            text = body[number - 1] if 0 < number <= len(body) else "policy"
            matches, target = ingredients(text)
            return f"{who} matches {matches} (target {target}) [{what}]"
        name = next(n for n, p, q in zip(("in", "out", "mark", "packet"), x[4:], y[4:]) if p != q)
        if name == "packet":
            return f"{field(x[7], y[7])} differs at {x[1]} after {previous(a[:at], rules)} [{what}]"
        return f"{name} differs at {x[0]}:{x[1]} after {previous(a[:at], rules)}"
    return "?"


def previous(events, rules):
    """The target that was acted on before."""
    for table, chain, kind, number, *_ in reversed(events):
        body = rules.get((table, chain), [])
        if kind == "rule" and 0 < number <= len(body):
            return f"{table} {ingredients(body[number - 1])[1]}"
        return chain
    return "the start"


def group(kind, text, case, answer):
    """A name under which like differences gather."""
    if kind == "failure":
        return "failure: " + re.sub(r"\d+", "N", text)[:100]
    if kind == "trace":
        return "trace: " + where(case["kernel"], answer, case["kernel"]["packets"])
    if kind == "save":
        m = re.search(r"kernel '?\[\d+:\d+\] (-A .*?)'; simulator '?\[\d+:\d+\] (-A .*?)'$", text)
        if m and m[1] == m[2]:
            return "save: counters"
        m = re.search(r"kernel ['\"](?:\[\d+:\d+\] )?(.*?)['\"]; simulator", text)
        return "save: " + (" ".join(ingredients(m[1])) if m else "lines")
    if kind == "conntrack":
        m = re.search(r"\['(\S+ \d+ \S+)", text)
        return "conntrack: " + (m[1] if m else "")
    return kind


def packet_lines(answer, labels=True):
    """One line for each packet of a kernel answer, with what left."""
    lines = []
    for i, (packet, step) in enumerate(zip(answer["packets"], answer["steps"])):
        if "wait" in packet:
            lines.append(f"{i}: wait {packet['wait']} s")
            continue
        origin = "local" + (f" mark {packet['mark']}" if packet.get("mark") else "") if packet.get("local") else "in " + packet["in"]
        lines.append(f"{i}: {origin}: {wire.describe(bytes.fromhex(packet['hex']))}" + (f" ({step['error']})" if step.get("error") else ""))
        lines += [f"     out {e['out']}: {wire.describe(bytes.fromhex(e['packet']))}" for e in step.get("emitted", [])]
    return lines


def world_lines(scenario):
    lines = [f"{i['name']}: {' '.join(i.get('addrs', []))}" for i in scenario["interfaces"]]
    lines += ["ip route add " + r for r in scenario.get("routes", [])] + ["ip rule add " + r for r in scenario.get("ip_rules", [])]
    lines += [f"{k} = {v}" for key in ("sysctls", "late_sysctls") for k, v in scenario.get(key, {}).items()]
    return lines + ([f"stack {scenario['stack']}"] if "stack" in scenario else [])


def show(case, differences):
    """The whole of a case as text."""
    parts = world_lines(case["scenario"]) + ["", (case["scenario"].get("rules", "") + case["scenario"].get("rules6", "")).strip(), ""] + packet_lines(case["kernel"]) + [""]
    return "\n".join(parts + [f"{kind}: {readable(text)}" for kind, text in differences])
