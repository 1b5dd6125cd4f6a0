"""Rule matches of a random scenario: the header matches of iptables itself (HEADER) and one function for each match
extension (MATCHES). Each takes the Rule that is being made and returns text, or None if nothing fits.

about: proto = protocols that the match demands, hooks = hooks in which the kernel takes it."""
import struct

import wire
from mix import Registry

HEADER, MATCHES = Registry(), Registry()
PORTED = ("tcp", "udp", "udplite", "sctp", "dccp")
ALL_HOOKS = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}
ICMP_NAMES = ["any", "echo-request", "echo-reply", "destination-unreachable", "port-unreachable", "host-unreachable", "fragmentation-needed",
              "time-exceeded", "ttl-zero-during-transit", "redirect", "parameter-problem", "source-quench", "timestamp-request",
              "communication-prohibited", "network-unreachable", "router-advertisement", "address-mask-request", "ping", "pong"]


class Focus:
    """A packet of the scenario that a rule may aim at, taken apart."""

    def __init__(self, step, raw, back=False, later=False):
        self.step, self.raw, self.local = step, raw, bool(step.get("local"))
        self.later = back or later               # not the first of its connection, as far as one can tell
        self.mark, self.enters = step.get("mark", 0), step.get("in")
        self.family = 6 if raw[0] >> 4 == 6 else 4
        self.headers = []                        # the numbers of the extension headers
        if self.family == 6:
            raw += bytes(max(0, 40 - len(raw)))
            self.source, self.target = wire.text(raw[8:24]), wire.text(raw[24:40])
            self.ttl, self.tos = raw[7], struct.unpack(">H", raw[:2])[0] >> 4 & 255
            self.length = struct.unpack(">H", raw[4:6])[0] + 40
            self.proto, start, first = wire.ipv6_transport(raw)
            self.fragment = 0 if first else 1
            at, number = 40, raw[6]
            while at < start:
                self.headers.append(number)
                number, at = raw[at], at + (8 if number == 44 else (raw[at + 1] + 2) * 4 if number == 51 else (raw[at + 1] + 1) * 8)
        else:
            self.source, self.target = wire.text(raw[12:16]), wire.text(raw[16:20])
            self.proto, self.ttl, self.tos = raw[9], raw[8], raw[1]
            self.length = struct.unpack(">H", raw[2:4])[0]
            self.fragment = struct.unpack(">H", raw[6:8])[0]
            start = (raw[0] & 15) * 4
        self.start, body = start, raw[start:]
        self.has_options = start > 20
        self.sport = self.dport = self.flags = self.mss = None
        self.kind = self.code = None
        self.options = []
        self.payload = body[8:]
        if self.proto in (6, 17, 33, 132, 136) and len(body) >= 4 and not self.fragment & 0x1fff:
            self.sport, self.dport = struct.unpack(">HH", body[:4])
        if self.proto == 6 and len(body) >= 20 and not self.fragment & 0x1fff:
            self.flags, end, at = body[13], (body[12] >> 4) * 4, 20
            self.payload = body[end:]
            while at < min(end, len(body)):
                if body[at] <= 1:
                    at += 1
                    continue
                self.options.append(body[at])
                if body[at] == 2 and at + 4 <= len(body):
                    self.mss = struct.unpack(">H", body[at + 2:at + 4])[0]
                at += body[at + 1] if at + 1 < len(body) and body[at + 1] >= 2 else 60
        if self.proto in (wire.ICMP, wire.ICMPV6) and len(body) >= 2:
            self.kind, self.code = body[0], body[1]
        if back:
            self.source, self.target, self.sport, self.dport = self.target, self.source, self.dport, self.sport
            self.enters, self.local = None, False

    @property
    def proto_name(self):
        return {6: "tcp", 17: "udp", 1: "icmp", 58: "icmpv6", 132: "sctp", 33: "dccp", 136: "udplite", 50: "esp", 51: "ah", 108: "ipcomp"}.get(self.proto)


def near(r, value, low=0, high=65535):
    """A range around value, as text a:b, or the value alone."""
    a, b = max(low, value - r.choice([0, 1, 5, 100])), min(high, value + r.choice([0, 1, 5, 100]))
    return str(value) if a == b else f"{a}:{b}"


def inverted(rule, probability=0.2):
    return "! " if rule.r.random() < (probability * 0.35 if rule.aimed else probability * 1.5) else ""


def hexadecimal(r, value, width=2):
    return f"0x{value:0{width}x}" if r.random() < 0.6 else str(value)


# header ----------------------------------------------------------------------------------------------------------

def network6(rule, address):
    r = rule.r
    words = wire.address(address)
    cut = lambda bits: wire.text(bytes(b & (0xff << max(0, 8 - max(0, bits - 8 * i)) & 0xff if bits > 8 * i else 0) for i, b in enumerate(words)))
    return r.choices([address, address + "/128", f"{cut(64)}/64", f"{cut(48)}/48", "::/0", address + "/ffff:ffff:ffff:ffff::", address + "/ffff:ffff::ffff",
                      f"{cut(125)}/125", "fd00::/8", address + "/::ff", f"{cut(33)}/33"], [6, 1, 3, 1, 0.4, 0.5, 0.4, 0.7, 0.5, 0.3, 0.3])[0]


def network(rule, address):
    r = rule.r
    if ":" in address:
        return network6(rule, address)
    octets = address.split(".")
    return r.choices([address, address + "/32", ".".join(octets[:3] + ["0"]) + "/24", ".".join(octets[:2]) + ".0.0/16", "0.0.0.0/0",
                      address + "/255.255.255.0", address + "/255.255.0.255", ".".join(octets[:3] + [str(int(octets[3]) & 0xf8)]) + "/29",
                      "10.0.0.0/8", address + "/0.0.0.255"], [6, 1, 3, 1, 0.4, 0.5, 0.4, 0.7, 0.5, 0.3])[0]


@HEADER.add("source", weight=3)
def source(rule):
    return f"{inverted(rule)}-s {network(rule, rule.aim(rule.focus.source, rule.world.any_address))}"


@HEADER.add("destination", weight=3)
def destination(rule):
    return f"{inverted(rule)}-d {network(rule, rule.aim(rule.focus.target, rule.world.any_address))}"


def interface_name(rule, name):
    r = rule.r
    return r.choices([name, name[:-1] + "+", name[:2] + "+", "+", name + "+", "lo", "eth9"], [10, 2, 1, 0.5, 0.5, 0.7, 0.3])[0]


@HEADER.add("in-interface", weight=2.5, hooks={"PREROUTING", "INPUT", "FORWARD"})
def in_interface(rule):
    name = rule.aim(rule.focus.enters or "lo", lambda: rule.r.choice(rule.world.names))
    return f"{inverted(rule)}-i {interface_name(rule, name)}"


@HEADER.add("out-interface", weight=2.5, hooks={"FORWARD", "OUTPUT", "POSTROUTING"})
def out_interface(rule):
    w, r = rule.world, rule.r
    toward = next((n for n, l in w.hosts.items() if rule.focus.target in l), w.wan or r.choice(w.names))
    return f"{inverted(rule)}-o {interface_name(rule, rule.aim(toward, lambda: r.choice(w.names)))}"


@HEADER.add("fragment", weight=0.25, tags={"fragments"}, family=4)
def fragment(rule):
    return rule.r.choice(["-f", "! -f"])


# matches ---------------------------------------------------------------------------------------------------------

FLAG_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]


def flag_list(r, bits):
    if bits == 0x3f and r.random() < 0.7:
        return "ALL"
    return ",".join(n for i, n in enumerate(FLAG_NAMES) if bits >> i & 1) or "NONE"


@MATCHES.add("tcp", weight=3, proto=("tcp",))
def tcp(rule):
    r, f, w = rule.r, rule.focus, rule.world
    parts = []
    for what in r.some(["sport", "dport", "dport", "flags"] + ["syn"] * syn_fits(rule) + ["option"] * (not rule.aimed or bool(f.options)), 1, 2):
        if what == "sport" and not any("sport" in p for p in parts):
            parts.append(f"{inverted(rule)}--sport {near(r, rule.aim(f.sport, lambda: r.randint(1024, 1064)))}")
        elif what == "dport" and not any("dport" in p for p in parts):
            parts.append(f"{inverted(rule)}--dport {near(r, rule.aim(f.dport, lambda: r.choice(w.dports)))}")
        elif what == "flags" and not any("flag" in p or "syn" in p for p in parts):
            mask = r.choice([0x3f, 0x17, 0x12, 0x06, 0x29, 0x05, 0, r.randrange(64)])
            value = mask & rule.aim(f.flags, lambda: r.choice([0, 2, 0x12, 0x10, 0x29])) & 0x3f
            parts.append(f"{inverted(rule)}--tcp-flags {flag_list(r, mask)} {flag_list(r, value)}")
        elif what == "syn" and not any("flag" in p or "syn" in p for p in parts):
            parts.append(f"{inverted(rule)}--syn")
        elif what == "option" and not any("option" in p for p in parts):
            parts.append(f"{inverted(rule)}--tcp-option {rule.aim(r.choice(f.options) if f.options else None, lambda: r.choice([2, 3, 4, 5, 8, 1, 255]))}")
    return "-m tcp " + " ".join(parts)


@MATCHES.add("udp", weight=2.5, proto=("udp",))
def udp(rule):
    r, f, w = rule.r, rule.focus, rule.world
    parts = []
    if r.random() < 0.3:
        parts.append(f"{inverted(rule)}--sport {near(r, rule.aim(f.sport, lambda: r.randint(1024, 1064)))}")
    if r.random() < 0.8 or not parts:
        parts.append(f"{inverted(rule)}--dport {near(r, rule.aim(f.dport, lambda: r.choice(w.dports)))}")
    return "-m udp " + " ".join(parts)


ICMP6_NAMES = ["destination-unreachable", "no-route", "communication-prohibited", "beyond-scope", "address-unreachable", "port-unreachable", "failed-policy",
               "reject-route", "packet-too-big", "time-exceeded", "ttl-exceeded", "ttl-zero-during-transit", "ttl-zero-during-reassembly", "parameter-problem",
               "bad-header", "unknown-header-type", "unknown-option", "echo-request", "ping", "echo-reply", "pong", "router-solicitation", "router-advertisement",
               "neighbour-solicitation", "neighbor-advertisement", "neighbour-advertisement", "redirect", "mld-listener-query"]


@MATCHES.add("icmp6", weight=2.5, proto=("icmpv6",), tags={"icmp"}, family=6)
def icmp6(rule):
    r, f = rule.r, rule.focus
    how = r.weighted(number=4, code=3, name=3)
    kind = rule.aim(f.kind, lambda: r.choice([1, 2, 3, 128, 129, 135, 136, 255]))
    if how == "name":
        value = rule.aim({1: "destination-unreachable", 2: "packet-too-big", 3: "time-exceeded", 128: "echo-request", 129: "echo-reply"}.get(f.kind), lambda: r.choice(ICMP6_NAMES))
    elif how == "code":
        value = f"{kind}/{rule.aim(f.code, lambda: r.choice([0, 1, 3, 4]))}"
    else:
        value = kind
    return f"-m icmp6 {inverted(rule)}--icmpv6-type {value}"


HEADER_NAMES = {0: "hop", 60: "dst", 43: "route", 44: "frag", 51: "auth", 50: "esp", 59: "none"}


@MATCHES.add("ipv6header", weight=1.2, tags={"extensions"}, family=6)
def ipv6header(rule):
    r, f = rule.r, rule.focus
    names = {HEADER_NAMES[n] for n in f.headers} | {"prot"} if rule.aimed and f.headers else set(r.some(["hop", "dst", "route", "frag", "auth", "esp", "none", "prot"], 1, 3))
    return f"-m ipv6header {inverted(rule)}--header {','.join(sorted(names))}{r.choice(['', ' --soft', ' --soft'])}"


@MATCHES.add("frag", weight=0.8, tags={"fragments", "extensions"}, family=6)
def frag(rule):
    r = rule.r
    parts = r.some([f"{inverted(rule)}--fragid {near(r, r.choice([7, 8, 9, 101, 102]))}", f"--fraglen {r.choice([0, 8, 40])}" if r.random() < 0.1 else "--fragres",
                    r.choice(["--fragfirst", "--fragmore", "--fraglast"])], 0, 2)
    return " ".join(["-m frag"] + parts)


def options_match(name):
    def make(rule):
        r = rule.r
        parts = []
        if r.random() < 0.5:
            parts.append(f"{inverted(rule)}--{name}-len {r.choice([8, 16, 24])}")
        if r.random() < 0.5:
            parts.append(f"--{name}-opts {','.join(r.sample(['1:4', '5:2', '1', '5', '194:4', '30', '1:12', '158:4'], r.choice([1, 1, 2])))}")
        return " ".join([f"-m {name}"] + parts)
    return make


MATCHES.add("hbh", weight=0.8, tags={"extensions"}, family=6)(options_match("hbh"))
MATCHES.add("dst", weight=0.8, tags={"extensions"}, family=6)(options_match("dst"))


@MATCHES.add("rt", weight=0.8, tags={"extensions"}, family=6)
def rt(rule):
    r = rule.r
    parts = []
    if r.random() < 0.6:
        parts.append(f"{inverted(rule)}--rt-type {r.choice([0, 0, 2, 4])}")
    if r.random() < 0.4:
        parts.append(f"{inverted(rule)}--rt-segsleft {r.choice(['0', '1', '0:1', '0:5'])}")
    if r.random() < 0.3:
        parts.append(f"{inverted(rule)}--rt-len {r.choice([8, 24])}")
    if parts and "--rt-type 0" in parts[0] and not parts[0].startswith("!") and r.random() < 0.5:
        parts.append(r.choice(["--rt-0-res", f"--rt-0-addrs {r.choice(['fd00:1::2', '2001:db8:1::2'])}", f"--rt-0-addrs fd00:1::2 --rt-0-not-strict"]))
    return " ".join(["-m rt"] + parts)


@MATCHES.add("hl", weight=1, tags={"ttl"}, family=6)
def hl(rule):
    return ttl(rule).replace("-m ttl", "-m hl").replace("--ttl", "--hl")


@MATCHES.add("eui64", weight=0.2, hooks={"PREROUTING", "INPUT", "FORWARD"}, family=6)
def eui64(rule):
    return "-m eui64"


@MATCHES.add("icmp", weight=2.5, proto=("icmp",), family=4)
def icmp(rule):
    r, f = rule.r, rule.focus
    how = r.weighted(number=4, code=3, name=3)
    kind = rule.aim(f.kind, lambda: r.choice([0, 3, 8, 11, 5, 13, 255]))
    if how == "name":
        value = rule.aim({0: "echo-reply", 3: "destination-unreachable", 8: "echo-request", 11: "time-exceeded"}.get(f.kind), lambda: r.choice(ICMP_NAMES))
    elif how == "code":
        value = f"{kind}/{rule.aim(f.code, lambda: r.choice([0, 1, 3, 4]))}"
    else:
        value = kind
    return f"-m icmp {'' if value == 'any' else inverted(rule)}--icmp-type {value}"


def syn_fits(rule):
    """Whether the focus is what --syn asks for, as far as the rule aims at it."""
    return not rule.aimed or rule.focus.flags is not None and rule.focus.flags & 0x17 == 2


STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"]


def states(rule, choice):
    r = rule.r
    if rule.aimed and r.random() < 0.6:
        return r.choice(["NEW", "NEW", "NEW,RELATED", "ESTABLISHED"]) if not rule.focus.later else r.choice(["ESTABLISHED", "RELATED,ESTABLISHED"])
    return ",".join(r.choices([["NEW"], ["ESTABLISHED"], ["RELATED"], ["INVALID"], ["RELATED", "ESTABLISHED"], ["UNTRACKED"], r.some(choice, 1, 3)],
                              [4, 3, 1.5, 1.5, 3, 1, 2])[0])


def index_range(rule, name, protocol, offset):
    """A rule about the security parameter index, which begins at an offset of the header."""
    r, body = rule.r, rule.focus.raw[rule.focus.start:]
    at = struct.unpack(">I", body[offset:offset + 4])[0] if rule.focus.proto == protocol and len(body) >= offset + 4 else None
    low = rule.aim(at, lambda: r.choice([0, 0x100, 1, 0xffffffff, r.getrandbits(32)]))
    text = r.choice([str(low), hex(low), near(r, low, 0, 0xffffffff), near(r, low, 0, 0xffffffff), ":", f":{low}", f"{low}:"])
    return f"-m {name} {inverted(rule)}--{name}spi {text}"


@MATCHES.add("esp", weight=1.5, proto=("esp",))
def esp(rule):
    return index_range(rule, "esp", 50, 0)


@MATCHES.add("ah", weight=1.5, proto=("ah",))
def ah(rule):
    return index_range(rule, "ah", 51, 4)


@MATCHES.add("state", weight=3, tags={"conntrack"})
def state(rule):
    return f"-m state {inverted(rule)}--state {states(rule, STATES)}"


@MATCHES.add("conntrack", weight=4, tags={"state"})
def conntrack(rule):
    r, f, w = rule.r, rule.focus, rule.world
    parts = []
    for what in r.some(["state", "state", "state", "proto", "address", "address", "port", "status", "expire", "dir"], 1, r.choice([1, 1, 2, 3])):
        if what == "state" and not any("ctstate" in p for p in parts):
            names = states(rule, STATES + ["SNAT", "DNAT", "DNAT"]) if r.random() < 0.75 else r.choice(["SNAT", "DNAT", "SNAT,DNAT", "DNAT,ESTABLISHED"])
            parts.append(f"{inverted(rule)}--ctstate {names}")
        elif what == "proto" and not any("ctproto" in p for p in parts):
            parts.append(f"{inverted(rule)}--ctproto {rule.aim(f.proto, lambda: r.choice(['tcp', 'udp', 'icmp', 47]))}")
        elif what == "address":
            which, true = r.choice([("ctorigsrc", f.source), ("ctorigdst", f.target), ("ctreplsrc", f.target), ("ctrepldst", f.source)])
            if not any(which + " " in p for p in parts):
                parts.append(f"{inverted(rule)}--{which} {network(rule, rule.aim(true, w.any_address))}")
        elif what == "port":
            which, true = r.choice([("ctorigsrcport", f.sport), ("ctorigdstport", f.dport), ("ctreplsrcport", f.dport), ("ctrepldstport", f.sport)])
            if not any(which in p for p in parts):
                parts.append(f"{inverted(rule)}--{which} {near(r, rule.aim(true, lambda: r.choice(w.dports)))}")
        elif what == "status" and not any("ctstatus" in p for p in parts):
            likely = r.choice(["CONFIRMED", "SEEN_REPLY"]) if f.later else "NONE"
            parts.append(f"{inverted(rule)}--ctstatus {likely if rule.aimed and r.random() < 0.6 else r.choice(['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SEEN_REPLY,ASSURED', 'ASSURED,CONFIRMED'])}")
        elif what == "expire" and not any("ctexpire" in p for p in parts):
            # far from every timeout, of which a second may have passed
            parts.append(f"{inverted(rule)}--ctexpire {r.choice(['0', '0:20', '1:1000000', '22:100', '40:200', '200:440000', '0:1000', '100'])}")
        elif what == "dir" and not any("ctdir" in p for p in parts):
            parts.append(f"--ctdir {r.choice(['ORIGINAL', 'REPLY'])}")
    return "-m conntrack " + " ".join(parts)


@MATCHES.add("multiport", weight=1.5, proto=PORTED)
def multiport(rule):
    r, f, w = rule.r, rule.focus, rule.world
    which = r.choice(["--sports", "--dports", "--dports", "--ports", "--source-ports", "--destination-ports"])
    true = f.sport if "s" == which.strip("-")[0] else f.dport
    ports = [str(r.choice(w.dports)) for _ in range(r.randint(0, 3))] + [near(r, rule.aim(true, lambda: r.choice(w.dports)))]
    if r.random() < 0.2:
        ports.append(f"{r.choice([1, 1000])}:{r.choice([1024, 65535, 1100])}")
    r.shuffle(ports)
    return f"-m multiport {inverted(rule)}{which} {','.join(ports[:7])}"


@MATCHES.add("limit", weight=1.5)
def limit(rule):
    r = rule.r
    rate = r.choice(["1/hour", "3/hour", "2/day", "6/minute", "1/minute", "10/minute", "30/hour", "1/min"]) if not rule.world.timed else \
        r.choice(["1/second", "2/second", "1/hour", "30/minute"])
    burst = f" --limit-burst {r.choice([1, 1, 2, 3, 5] + [7] * (rate != '2/day'))}" if r.random() < 0.85 else ""     # 2/day with 7 overflows
    return f"-m limit --limit {rate}{burst}"


@MATCHES.add("comment", weight=0.8)
def comment(rule):
    text = rule.r.choice(["web", '"two words"', '"a, b; c"', '"say \\"hi\\""', '"it\'s"', "x-1.2_3", '"back\\\\slash"', '"trailing "', '"-j DROP"', '"#5"',
                          '"' + "long " * 12 + '"'])
    return f"-m comment --comment {text}"


TYPES = ["UNSPEC", "UNICAST", "LOCAL", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT"]

TYPES6 = ["UNSPEC", "UNICAST", "UNICAST", "LOCAL", "LOCAL", "ANYCAST", "MULTICAST", "UNREACHABLE"]


def address_type(rule, address):
    w = rule.world
    if address in w.own() or address.startswith("127.") or address == "::1":
        return "LOCAL"
    if ":" in address:
        return "UNREACHABLE" if address.startswith(("fd00:66:", "fd00:67:", "fd00:68:")) else "MULTICAST" if address.startswith("ff") else "UNICAST"
    if address in w.broadcasts or address in ("255.255.255.255", "0.0.0.0"):
        return "BROADCAST"
    special = {"10.66.": "BLACKHOLE", "10.67.": "UNREACHABLE", "10.68.": "PROHIBIT"}.get(address[:6])
    return special or ("MULTICAST" if 224 <= int(address.split(".")[0]) < 240 else "UNICAST")


@MATCHES.add("addrtype", weight=1.5, tags={"routing"})
def addrtype(rule):
    r, types = rule.r, TYPES if rule.world.family.number == 4 else TYPES6
    parts = []
    for which in r.choice([["src"], ["dst"], ["dst"], ["src", "dst"]]):
        kind = rule.aim(address_type(rule, rule.focus.source if which == "src" else rule.focus.target), lambda: r.choice(types))
        kinds = sorted({kind, *r.some(types, 0, 2)}) if r.random() < 0.3 else [kind]
        parts.append(f"{inverted(rule)}--{which}-type {','.join(kinds)}")
    if r.random() < 0.25:
        if rule.hooks <= {"PREROUTING", "INPUT", "FORWARD"}:
            parts.append("--limit-iface-in")
        elif rule.hooks <= {"OUTPUT", "POSTROUTING", "FORWARD"}:
            parts.append("--limit-iface-out")
    return "-m addrtype " + " ".join(parts)


@MATCHES.add("mac", weight=0.3, hooks={"PREROUTING", "INPUT", "FORWARD"})
def mac(rule):
    return f"-m mac {inverted(rule)}--mac-source 00:11:22:33:44:{rule.r.choice(['55', 'aa'])}"


@MATCHES.add("owner", weight=1.2, hooks={"OUTPUT", "POSTROUTING"}, tags={"local"})
def owner(rule):
    r = rule.r
    what = r.weighted(uid=4, gid=3, socket=2, both=1)
    uid = f"{inverted(rule)}--uid-owner {r.choice(['0', 'root', '0-1000', '1000', '1000-2000'])}"
    gid = f"{inverted(rule)}--gid-owner {r.choice(['0', 'root', '0-100', '1000'])}" + r.choice(["", "", " --suppl-groups"])
    return "-m owner " + {"uid": uid, "gid": gid, "socket": f"{inverted(rule)}--socket-exists", "both": uid + " " + gid}[what]


def mark_value(rule):
    r = rule.r
    value = rule.aim(rule.focus.mark if r.random() < 0.6 else None, lambda: r.choice(rule.world.marks))
    return hexadecimal(r, value, 1) + r.choice(["", "", "", "/0xff", "/0xf", "/0xffffffff", "/0x1", "/0x0"])


@MATCHES.add("mark", weight=2.5)
def mark(rule):
    return f"-m mark {inverted(rule)}--mark {mark_value(rule)}"


@MATCHES.add("connmark", weight=1.5, tags={"mark", "conntrack"})
def connmark(rule):
    return f"-m connmark {inverted(rule)}--mark {mark_value(rule)}"


@MATCHES.add("iprange", weight=1)
def iprange(rule):
    r, f = rule.r, rule.focus
    def span(address):
        if ":" in address:
            number = int.from_bytes(wire.address(address), "big")
            low, high = max(0, number - r.choice([0, 1, 16])), number + r.choice([0, 1, 16, 1 << 64])
            return r.choice(["-".join(wire.text(n.to_bytes(16, "big")) for n in (low, high))] * 4 + [address, f"::-{address}"])
        head, last = address.rsplit(".", 1)
        low, high = max(0, int(last) - r.choice([0, 1, 10])), min(255, int(last) + r.choice([0, 1, 10]))
        return r.choice([f"{head}.{low}-{head}.{high}"] * 4 + [address, f"0.0.0.0-{address}"])
    parts = []
    if r.random() < 0.6:
        parts.append(f"{inverted(rule)}--src-range {span(rule.aim(f.source, rule.world.any_address))}")
    if r.random() < 0.5 or not parts:
        parts.append(f"{inverted(rule)}--dst-range {span(rule.aim(f.target, rule.world.any_address))}")
    return "-m iprange " + " ".join(parts)


@MATCHES.add("ttl", weight=1, family=4)
def ttl(rule):
    r = rule.r
    passed = not rule.focus.local and rule.hooks <= {"FORWARD", "POSTROUTING"}
    value = rule.aim(rule.focus.ttl - passed, lambda: r.choice([1, 2, 63, 64, 127, 128, 0, 255])) % 256
    how = r.choice(["--ttl-eq", "--ttl-eq", "--ttl-lt", "--ttl-gt"])
    if rule.aimed and how != "--ttl-eq":
        value = min(255, value + 1) if how == "--ttl-lt" else max(0, value - 1)
    return f"-m ttl {inverted(rule) if how == '--ttl-eq' else ''}{how} {value}"


TOS_NAMES = ["Minimize-Delay", "Maximize-Throughput", "Maximize-Reliability", "Minimize-Cost", "Normal-Service"]


@MATCHES.add("tos", weight=1)
def tos(rule):
    r = rule.r
    value = rule.aim(rule.focus.tos, lambda: r.choice([0, 8, 0x10, 0xb8]))
    text = r.choice([f"0x{value:02x}", f"0x{value:02x}/0xff", f"0x{value & 0x3f:02x}/0x3f", f"{value}", r.choice(TOS_NAMES), f"0x{value & 3:02x}/0x03"])
    return f"-m tos {inverted(rule)}--tos {text}"


CLASSES = ["BE", "EF", "AF11", "AF21", "AF41", "AF43", "CS0", "CS1", "CS2", "CS5", "CS7"]


@MATCHES.add("dscp", weight=1)
def dscp(rule):
    r = rule.r
    if r.random() < 0.4:
        return f"-m dscp {inverted(rule)}--dscp-class {r.choice(CLASSES)}"
    return f"-m dscp {inverted(rule)}--dscp {hexadecimal(r, rule.aim(rule.focus.tos >> 2, lambda: r.choice([0, 4, 46, 10, 63])))}"


@MATCHES.add("length", weight=1)
def length(rule):
    r = rule.r
    value = rule.aim(rule.focus.length, lambda: r.choice([28, 40, 60, 1500, 0]))
    return f"-m length {inverted(rule)}--length {r.choice([near(r, value), near(r, value), f':{value}', f'{value}:', str(value)])}"


@MATCHES.add("statistic", weight=1, tags={"repeat"})
def statistic(rule):
    r = rule.r
    if r.random() < 0.85:
        every = r.choice([1, 2, 2, 3, 4])
        packet = f" --packet {r.randrange(every)}"
        return f"-m statistic --mode nth {inverted(rule)}--every {every}{packet}"
    return f"-m statistic --mode random {inverted(rule)}--probability {r.choice(['0', '1', '1.0', '0.0'])}"


@MATCHES.add("recent", weight=1.5, tags={"repeat"})
def recent(rule):
    r, w = rule.r, rule.world
    name = r.choice(w.recent_names)
    what = r.weighted(set=4, rcheck=3, update=3, remove=1)
    parts = [f"{inverted(rule, 0.12)}--{what}"]
    if what in ("rcheck", "update"):
        if r.random() < 0.5:
            parts.append(f"--seconds {r.choice([60, 600]) if not w.timed else r.choice([1, 60])}")
            if r.random() < 0.2:
                parts.append("--reap")
        if r.random() < 0.5:
            parts.append(f"--hitcount {r.choice([1, 2, 2, 3, 4])}")
    if what in ("rcheck", "update") and r.random() < 0.15:
        parts.append("--rttl")
    if name != "DEFAULT" or r.random() < 0.5:
        parts.append(f"--name {name}")
    if r.random() < 0.25:
        masks = ["255.255.255.0", "255.255.255.255", "255.255.0.0", "0.0.0.0"] if w.family.number == 4 else ["ffff:ffff:ffff:ffff::", "ffff:ffff:ffff::", "::", "ffff::ffff"]
        parts.append(f"--mask {r.choice(masks)}")
    if r.random() < 0.4:
        parts.append(r.choice(["--rsource", "--rdest"]))
    return "-m recent " + " ".join(parts)


@MATCHES.add("string", weight=1.2, tags={"payload"})
def string(rule):
    r, f = rule.r, rule.focus
    text = r.choice([b"GET", b"hello", b"attack", b"abcabd", b"USER", b"index.html", b"ping", b"answer", b"world"])
    if f.payload and (rule.aimed or r.random() < 0.4):
        at = r.randrange(len(f.payload))
        text = f.payload[at:at + r.choice([3, 4, 8])]
        text = text if len(text) > 2 else f.payload[-3:]        # one or two bytes may turn up in an id that the kernel chooses
    printable = all(32 < c < 127 and c not in b"|\\\"'!" for c in text) and not text.startswith(b"-")
    case = " --icase" if r.random() < 0.25 else ""
    if printable and r.random() < 0.7:
        shown = text.decode()
        what = f"--string {shown.swapcase() if case and r.random() < 0.7 else shown}" if r.random() < 0.6 else f'--string "{shown}"'
    elif r.random() < 0.2 and printable:
        what = f'--hex-string "{text[:1].decode()}|{text[1:].hex(" ")}|"' if len(text) > 1 else f'--hex-string "|{text.hex()}|"'
    else:
        what = f'--hex-string "|{r.choice([text.hex(), text.hex(" ")])}|"'
    window, begin = "", 0
    if r.random() < 0.3:
        begin = r.choice([0, 20, 28, 40, 41, 45] + [48, 60] * (f.family == 6))
        window += f" --from {begin}"
    if r.random() < 0.3:
        window += f" --to {max(begin, r.choice([40, 48, 60, 100, 65535, 1500, f.length, f.length - 1, f.length - len(text)]))}"
    return f"-m string {inverted(rule)}{what} --algo {r.choice(['bm', 'kmp'])}{window}{case}"


@MATCHES.add("u32", weight=1.5, tags={"payload"})
def u32(rule):
    r, f = rule.r, rule.focus

    def values(true, mask=0xffffffff):
        true &= mask
        return r.choice([f"0x{true:x}", f"{true}", f"0x{max(0, true - 3):x}:0x{true + 3:x}" if true + 3 <= 0xffffffff else f"0x{true:x}", f"0,0x{true:x}",
                         f"0x{true:x},7:9", f"{true if rule.aimed else r.choice([0, 1, 6, 17])}"])

    def test():
        word = lambda at: int.from_bytes((f.raw[at:at + 4] + bytes(4))[:4], "big")
        if f.family == 6:
            # not the flow label (bytes 1 to 3), nor checksums
            at = r.choice([4, 8, 12, 16, 20, 24, 28, 32, 36, 40])
            how, true = r.choice([("", word(at)), ("&0xFFFF", word(at) & 0xffff), (">>16", word(at) >> 16), ("&0xFF00>>8", (word(at) & 0xff00) >> 8)])
            return f"{at}{how}={values(true)}" if r.random() < 0.93 else f"{r.choice([len(f.raw) - 4, len(f.raw) - 3, len(f.raw), 3000])}=0:0xffffffff"
        kind = r.weighted(word=3, masked=3, shifted=2, transport=3, nested=1, beyond=0.6)
        # never the IP id (bytes 4 and 5) nor the checksum (10 and 11), which the kernel chooses in packets of its own
        if kind == "word":
            at = r.choice([0, 6, 12, 16])
            return f"{at}={values(word(at))}"
        if kind == "masked":
            at, mask = r.choice([(0, 0xff), (0, 0xffff), (0, 0xff0000), (4, 0xffff), (4, 0x1fff), (4, 0x3fff), (6, 0xff), (5, 0xff00), (9, 0xff000000), (12, 0xffff),
                                 (16, 0xff), (12, 0xff00), (8, 0xffff0000)])
            return f"{at}&0x{mask:X}={values(word(at), mask)}"
        if kind == "shifted":
            at, by = r.choice([(0, 8), (0, 16), (0, 24), (0, 4), (2, 16), (6, 24), (6, 16), (8, 16), (8, 24), (9, 24), (12, 8), (16, 24)])
            return f"{at}>>{by}={values(word(at) >> by)}" if r.random() < 0.6 else f"6&0xFF00>>8={values((word(6) & 0xff00) >> 8)}"
        if kind == "transport":
            ihl = (f.raw[0] & 15) * 4
            extra = r.choice([0, 2, 4, 8, 12])
            how, true = r.choice([(">>16", word(ihl + extra) >> 16), ("&0xFFFF", word(ihl + extra) & 0xffff), ("", word(ihl + extra))])
            return f"0>>22&0x3C@{extra}{how}={values(true)}"
        if kind == "nested":
            ihl = (f.raw[0] & 15) * 4
            start = ihl + (word(ihl + 12) >> 26 & 0x3c)
            return f"0>>22&0x3C@12>>26&0x3C@0={values(word(start))}"
        return f"{r.choice([len(f.raw) - 4, len(f.raw) - 3, len(f.raw), 3000])}=0:0xffffffff"
    return f'-m u32 {inverted(rule)}--u32 "{" && ".join(test() for _ in range(r.choices([1, 2, 3], [5, 2, 1])[0]))}"'


@MATCHES.add("pkttype", weight=0.8, tags={"broadcast", "multicast"})
def pkttype(rule):
    return f"-m pkttype {inverted(rule)}--pkt-type {rule.r.choice(['unicast', 'unicast', 'broadcast', 'multicast', 'host'])}"


@MATCHES.add("ecn", weight=1)
def ecn(rule):
    r = rule.r
    ip = f"{inverted(rule)}--ecn-ip-ect {rule.aim(rule.focus.tos & 3, lambda: r.randrange(4))}"
    if rule.proto == "tcp" or (rule.proto is None and r.random() < 0.5):
        rule.proto = "tcp"
        sign = lambda bit: ("" if (rule.focus.flags or 0) & bit else "! ") if rule.aimed else inverted(rule)
        parts = r.some([f"{sign(0x80)}--ecn-tcp-cwr", f"{sign(0x40)}--ecn-tcp-ece", ip], 1, 2)
        return "-m ecn " + " ".join(parts)
    return "-m ecn " + ip


@MATCHES.add("tcpmss", weight=1, proto=("tcp",))
def tcpmss(rule):
    r = rule.r
    value = rule.aim(rule.focus.mss, lambda: r.choice([536, 1300, 1400, 1460]))
    return f"-m tcpmss {inverted(rule)}--mss {near(r, value)}"


@MATCHES.add("quota", weight=0.8, tags={"repeat"})
def quota(rule):
    r = rule.r
    length = rule.focus.length
    return f"-m quota {inverted(rule)}--quota {r.choice([0, 40, 100, length, 2 * length, 2 * length - 1, 1000])}"


@MATCHES.add("connbytes", weight=1, tags={"conntrack"})
def connbytes(rule):
    r = rule.r
    mode = r.choice(["packets", "bytes", "avgpkt"])
    low = r.choice([0, 1, 1, 1, 2, 3]) if mode == "packets" else r.choice([0, 20, 28, 40, 60, 80, 100])
    high = r.choice(["", "", "", low + r.choice([0, 1, 2, 100])])
    return f"-m connbytes {inverted(rule)}--connbytes {low}:{high} --connbytes-dir {r.choice(['original', 'original', 'reply', 'both', 'both'])} --connbytes-mode {mode}"


@MATCHES.add("helper", weight=0.4, tags={"conntrack"})
def helper(rule):
    return f"-m helper {inverted(rule)}--helper {rule.r.choice(['ftp', 'ftp-21', 'sip', 'irc'])}"


@MATCHES.add("hashlimit", weight=1.2, tags={"limit", "repeat"})
def hashlimit(rule):
    r, w = rule.r, rule.world
    w.hashlimits += 1
    rate = r.choice(["1/hour", "3/hour", "2/day", "6/minute", "1/minute", "10/minute", "30/hour"])
    parts = [f"--hashlimit-{r.choice(['upto', 'above'])} {rate}"]
    if r.random() < 0.8:
        parts.append(f"--hashlimit-burst {r.choice([1, 1, 2, 3, 5])}")
    if r.random() < 0.75:
        modes = ["srcip", "dstip"] + (["srcport", "dstport"] if r.random() < 0.6 else [])
        parts.append(f"--hashlimit-mode {','.join(r.some(modes, 1, 3))}")
    if r.random() < 0.2:
        parts.append(f"--hashlimit-srcmask {r.choice([24, 16, 0, 32] + [64, 128, 33] * (w.family.number == 6))}")
    if r.random() < 0.15:
        parts.append(f"--hashlimit-dstmask {r.choice([24, 8, 32] + [64, 127] * (w.family.number == 6))}")
    if r.random() < 0.15:
        parts.append(f"--hashlimit-htable-size {r.choice([1, 64, 1024])}")
    if r.random() < 0.1:
        parts.append(f"--hashlimit-htable-max {r.choice([1, 2, 100])}")
    if r.random() < 0.1:
        parts.append(f"--hashlimit-htable-expire {r.choice([20000, 60000])}")
    if r.random() < 0.1:
        parts.append(f"--hashlimit-htable-gcinterval {r.choice([5000, 60000])}")
    parts.append(f"--hashlimit-name h{w.hashlimits}")
    return "-m hashlimit " + " ".join(parts)


@MATCHES.add("policy", weight=0.4)
def policy(rule):
    r = rule.r
    way = "in" if rule.hooks <= {"PREROUTING", "INPUT", "FORWARD"} else "out" if rule.hooks <= {"OUTPUT", "POSTROUTING", "FORWARD"} else None
    if way is None:
        return "-m mark --mark 0x0/0x0"
    if r.random() < 0.6:
        return f"-m policy --dir {way} --pol none"
    element = lambda: " ".join(r.some([f"{inverted(rule)}--reqid {r.randint(0, 9)}", f"{inverted(rule)}--spi {r.randint(0, 300)}", f"{inverted(rule)}--proto {r.choice(['esp', 'ah', 'ipcomp', '50'])}",
                                       f"--mode tunnel {inverted(rule)}--tunnel-src {r.choice(['10.0.0.1', '10.0.0.0/8'] if rule.world.family.number == 4 else ['fd00::1', 'fd00::/8'])}"], 1, 3))
    if r.random() < 0.4:
        return f"-m policy --dir {way} --pol ipsec --strict " + " --next ".join(element() for _ in range(r.randint(1, 4)))
    return f"-m policy --dir {way} {r.choice(['', '--pol ipsec '])}{element()}"


@MATCHES.add("physdev", weight=0.4)
def physdev(rule):
    r = rule.r
    parts = []
    name = lambda: interface_name(rule, r.choice(rule.world.names))
    for what in r.some(["in", "out", "is-in", "is-out", "is-bridged"], 1, 3):
        if "out" in what and "OUTPUT" in rule.hooks:
            continue
        negation = "! " if r.random() < 0.7 else ""
        parts.append(f"{negation}--physdev-{what}" + ("" if what.startswith("is") else " " + name()))
    return "-m physdev " + " ".join(parts or ["! --physdev-is-bridged"])


@MATCHES.add("rpfilter", weight=0.6, hooks={"PREROUTING"}, tables={"raw", "mangle"}, tags={"routing"})
def rpfilter(rule):
    return " ".join(["-m rpfilter"] + rule.r.some(["--loose", "--validmark", "--accept-local", "--invert"], 0, 3))


CHUNKS = ["DATA", "INIT", "INIT_ACK", "SACK", "HEARTBEAT", "HEARTBEAT_ACK", "ABORT", "SHUTDOWN", "SHUTDOWN_ACK", "ERROR", "COOKIE_ECHO", "COOKIE_ACK",
          "SHUTDOWN_COMPLETE", "I_DATA", "RE_CONFIG", "PAD", "ASCONF", "ASCONF_ACK", "FORWARD_TSN", "I_FORWARD_TSN"]


def ported(rule, name):
    """Options about the ports of a protocol that is not TCP or UDP."""
    r, f, w = rule.r, rule.focus, rule.world
    parts = []
    if r.random() < 0.35:
        parts.append(f"{inverted(rule)}--sport {near(r, rule.aim(f.sport, lambda: r.randint(1024, 1064)))}")
    if r.random() < 0.45:
        parts.append(f"{inverted(rule)}--dport {near(r, rule.aim(f.dport, lambda: r.choice(w.dports)))}")
    return [f"-m {name}"] + parts


@MATCHES.add("sctp", weight=2.5, proto=("sctp",), tags={"protocols"})
def sctp(rule):
    r = rule.r
    parts = ported(rule, "sctp")
    if r.random() < 0.8:
        true = rule.focus.raw[rule.focus.start + 12:][:1] if rule.focus.proto == 132 else b""
        known = {n: CHUNKS[n] for n in range(13)}.get(true[0] if true else 255)
        names = sorted({rule.aim(known, lambda: r.choice(CHUNKS)), *r.some(CHUNKS, 0, 3)})
        names = [n + r.choice(["", "", ":E", ":b", ":BE", ":Ui"]) if n == "DATA" else n + r.choice(["", "", ":T", ":t"]) if n == "ABORT" else n for n in names]
        parts.append(f"{inverted(rule)}--chunk-types {r.choice(['all', 'any', 'any', 'only'])} {','.join(names) if r.random() < 0.92 else r.choice(['ALL', 'NONE'])}")
    return " ".join(parts)


@MATCHES.add("dccp", weight=2.5, proto=("dccp",), tags={"protocols"})
def dccp(rule):
    r = rule.r
    parts = ported(rule, "dccp")
    if r.random() < 0.6:
        names = ["REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID"]
        parts.append(f"{inverted(rule)}--dccp-types {','.join(r.some(names, 1, 5))}")
    if r.random() < 0.4:
        parts.append(f"{inverted(rule)}--dccp-option {r.choice([1, 2, 32, 38, 44, 255])}")
    return " ".join(parts)


@MATCHES.add("ipcomp", weight=2, proto=("ipcomp",), tags={"protocols"})
def ipcomp(rule):
    r, body = rule.r, rule.focus.raw[rule.focus.start:]
    at = struct.unpack(">H", body[2:4])[0] if rule.focus.proto == 108 and len(body) >= 4 else None
    value = rule.aim(at, lambda: r.randint(0, 65535))
    return f"-m ipcomp {inverted(rule)}--ipcompspi {near(r, value)}" + (" --compres" if r.random() < 0.3 else "")


@MATCHES.add("connlimit", weight=1, tags={"conntrack", "repeat", "conversation"})
def connlimit(rule):
    r = rule.r
    mask = f" --connlimit-mask {r.choice([0, 8, 16, 24, 32] if rule.world.family.number == 4 else [0, 16, 64, 120, 128])}" if r.random() < 0.7 else ""
    return f"-m connlimit {inverted(rule)}--connlimit-{r.choice(['upto', 'above'])} {r.choice([0, 1, 1, 2, 2, 3, 5, 8])}{mask}{r.choice(['', ' --connlimit-saddr', ' --connlimit-daddr'])}"


@MATCHES.add("connlabel", weight=1, tags={"conntrack"})
def connlabel(rule):
    r = rule.r
    return f"-m connlabel {inverted(rule)}--label {r.choice([0, 1, 1, 63, 64, 127])}{r.choice(['', ' --set'])}"


@MATCHES.add("cluster", weight=0.8, tags={"conntrack"})
def cluster(rule):
    r = rule.r
    total = r.choice([1, 2, 2, 3, 4, 32])
    nodes = f"--cluster-local-node {r.randint(1, total)}" if r.random() < 0.6 else f"--cluster-local-nodemask {r.randint(1, min(32, 2 ** total - 1))}"
    return f"-m cluster --cluster-total-nodes {total} {inverted(rule)}{nodes} --cluster-hash-seed {r.choice([0, 1, 0xdeadbeef, r.getrandbits(32)])}"


@MATCHES.add("devgroup", weight=0.8)
def devgroup(rule):
    r, w = rule.r, rule.world
    groups = list(w.groups.values()) + [0, 5]
    group = lambda: f"{r.choice(groups)}" + r.choice(["", "", "/0xf", "/0", "/0xffffffff"])
    parts = []
    if rule.hooks <= {"PREROUTING", "INPUT", "FORWARD"}:
        parts.append(f"{inverted(rule)}--src-group {group()}")
    if rule.hooks <= {"FORWARD", "OUTPUT", "POSTROUTING"}:
        parts.append(f"{inverted(rule)}--dst-group {group()}")
    return "-m devgroup " + " ".join(r.some(parts, 1)) if parts else None


@MATCHES.add("socket", weight=0.6, hooks={"PREROUTING", "INPUT"}, tables={"raw", "mangle", "filter"})
def no_socket(rule):
    return " ".join(["-m socket"] + rule.r.some(["--transparent", "--nowildcard", "--restore-skmark"], 0, 2))


PROGRAMS = ["4,48 0 0 9,21 0 1 17,6 0 0 1,6 0 0 0", "4,48 0 0 6,21 0 1 6,6 0 0 1,6 0 0 0", "3,40 0 0 2,37 0 0 60,22 0 0 0", "2,128 0 0 0,22 0 0 0",
            "4,177 0 0 0,72 0 0 2,84 0 0 1,22 0 0 0", "3,48 0 0 4294963204,84 0 0 7,22 0 0 0", "3,32 0 0 12,116 0 0 0,22 0 0 0",
            "5,40 0 0 2,2 0 0 3,97 0 0 3,53 0 1 60,6 0 0 0,6 0 0 1", "5,128 0 0 0,20 0 0 41,7 0 0 0,80 0 0 0,22 0 0 0", "2,32 0 0 40,22 0 0 0",
            "3,40 0 0 4294963200,21 0 0 2048,22 0 0 0", "1,6 0 0 1", "1,6 0 0 0"]


@MATCHES.add("bpf", weight=0.8)
def bpf(rule):
    return f'-m bpf --bytecode "{rule.r.choice(PROGRAMS)}"'


@MATCHES.add("realm", weight=0.4, hooks={"INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}, family=4)
def realm(rule):
    return f"-m realm {inverted(rule)}--realm {rule.r.choice(['0', '5', '0/0xff', '5/0', 'cosmos'])}"


@MATCHES.add("cgroup", weight=0.3, hooks={"INPUT", "OUTPUT", "POSTROUTING"}, tags={"local"})
def cgroup(rule):
    return f"-m cgroup {inverted(rule)}--path /"


@MATCHES.add("clock", weight=0.4)
def clock(rule):
    """The time, asked so that every run of these years says the same; `at` of the scenario lies among them."""
    r = rule.r
    return "-m time " + r.choice(["--datestart 2020-01-01", "--datestop 2037-01-01", "--datestart 2037-01-01", "--datestop 2020-02-03T04:05:06",
                                  "--timestart 00:00 --timestop 23:59:59", "--datestart 2020 --datestop 2037", "--weekdays Mon,Tue,Wed,Thu,Fri,Sat,Sun"])
