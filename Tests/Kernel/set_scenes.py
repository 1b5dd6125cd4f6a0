"""Sets of a random scenario: a match and a target whose sets have entries that the scenario's packets mostly meet. The
sets of a world stand in world.sets, as lines for `ipset restore`."""
from matches import MATCHES
from targets import TARGETS

HOST = {4: 32, 6: 128}
KINDS = [("hash:ip", "a"), ("hash:net", "n"), ("hash:ip,port", "ap"), ("hash:net,port", "np"), ("hash:ip,port,ip", "apa"),
         ("hash:ip,port,net", "apn"), ("hash:net,iface", "ni"), ("bitmap:port", "p"), ("bitmap:ip", "b")]


def network(r, address, family, length=None):
    """A network around an address."""
    length = length or r.choice([8, 12, 16, 24, 31, 32] if family == 4 else [16, 32, 64, 127, 128])
    return f"{address}/{length}"


def port(rule, source, focus=True):
    f, r = rule.focus, rule.r
    names = {6: "tcp", 17: "udp", 136: "udplite", 132: "sctp"}
    value = f.sport if source else f.dport
    if focus and f.proto in names and value is not None:
        return f"{names[f.proto]}:{value}"
    if focus and f.kind is not None and f.proto in (1, 58):
        return f"{f.proto}:{f.kind}/{f.code or 0}"
    if focus and f.proto not in names and f.proto not in (0, 1, 58, None):
        return f"{f.proto}:0"
    return r.choice(["tcp:80", "udp:53", f"tcp:{r.randrange(1, 999)}", "tcp:20-30"])


def entry(rule, kind, parts, sides, focus):
    """An entry of a set; with focus, one that the rule's packet meets."""
    r, f, family = rule.r, rule.focus, rule.world.family.number
    words = []
    for part, source in zip(parts, sides):
        own = f.source if source else f.target
        address = own if focus else rule.world.any_address()
        if part in "ab":
            words.append(address)
        elif part == "n":
            words.append(network(r, address, family))
        elif part == "p":
            if kind == "bitmap:port":
                value = f.sport if source else f.dport
                words.append(str(value if focus and value is not None else r.randrange(1, 999)))
            else:
                words.append(port(rule, source, focus))
        elif part == "i":
            words.append(r.choice(rule.world.names) if not focus or not f.enters else f.enters)
    return ",".join(words)


def make(rule, adding=False):
    """A set with some entries: its name and the parts that a rule names."""
    r, world, family = rule.r, rule.world, rule.world.family.number
    kinds = [k for k in KINDS if family == 4 or k[0] != "bitmap:ip"]
    kind, parts = r.choice(kinds)
    sides = [r.random() < 0.6 for _ in parts]
    name = f"s{len(world.sets)}"
    words = [f"create {name} {kind}"]
    if kind == "bitmap:port":
        words.append("range 0-65535")
    elif kind == "bitmap:ip":
        words.append("range 0.0.0.0/0 netmask 16")
    elif family == 6:
        words.append("family inet6")
    if r.random() < 0.5:
        words.append("counters")
    if r.random() < 0.3:
        words.append("timeout " + r.choice(["0", "600"]))
    info = r.random() < 0.3
    if info:
        words.append("skbinfo")
    if kind == "hash:ip" and r.random() < 0.3:
        words.append("netmask 24" if family == 4 else "netmask 64")
    lines = [" ".join(words)]
    count = r.randrange(0, 2) if adding else r.randrange(1, 6)
    for i in range(count):
        text = entry(rule, kind, parts, sides, r.random() < (0.8 if i == 0 else 0.3))
        more = " nomatch" if "n" in parts and r.random() < 0.2 else ""
        if kind == "hash:net,iface" and r.random() < 0.1:
            text, more = text[:-1], more + " wildcard"
        if info and r.random() < 0.7:
            more += f" skbmark 0x{r.randrange(1, 64):x}/0x{r.choice([0xff, 0x3f, 0xffffffff]):x} skbprio 1:{r.randrange(1, 9)}"
        lines.append(f"-exist add {name} {text}{more}")
    world.sets += lines
    directions = ["src" if s else "dst" for s in sides]
    if r.random() < 0.06:
        directions = directions[:-1] or ["dst"]
    if r.random() < 0.06:
        directions.append("src")
    if r.random() < 0.12 and not adding:
        world.sets += [f"create l{len(world.sets)} list:set" + r.choice(["", " counters"])]
        outer = world.sets[-1].split()[1]
        world.sets.append(f"add {outer} {name}")
        name = outer
    world.set_names.append((name, ",".join(directions)))
    return world.set_names[-1]


def some(rule, adding=False):
    r = rule.r
    return r.choice(rule.world.set_names) if rule.world.set_names and r.random() < 0.4 else make(rule, adding)


@MATCHES.add("set", weight=0.5, tags={"set"})
def match(rule):
    r = rule.r
    name, directions = some(rule)
    text = f"-m set {'! ' if r.random() < 0.2 else ''}--match-set {name} {directions}"
    if r.random() < 0.12:
        text += " --return-nomatch"
    if r.random() < 0.12:
        text += " ! --update-counters"
    if r.random() < 0.08:
        text += " ! --update-subcounters"
    if r.random() < 0.15:
        text += " " + r.choice(["--packets-gt 1", "--packets-lt 3", "--packets-eq 2", "! --packets-eq 1", "--bytes-gt 100", "--bytes-lt 90"])
    return text


@TARGETS.add("SET", weight=0.4, tags={"set"})
def change(rule):
    r = rule.r
    act = r.random()
    if act < 0.15 and rule.table == "mangle":
        name, directions = some(rule)
        more = "--map-mark" + (" --map-prio" if rule.hooks <= {"FORWARD", "OUTPUT", "POSTROUTING"} and r.random() < 0.5 else "")
        return f"-j SET --map-set {name} {directions} {more}"
    name, directions = some(rule, adding=True)
    if act < 0.75:
        return f"-j SET --add-set {name} {directions}" + r.choice(["", "", " --exist", " --timeout 300", " --exist --timeout 0"])
    return f"-j SET --del-set {name} {directions}"
