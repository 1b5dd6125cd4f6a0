"""Rule targets of a random scenario: one function for each, registered in TARGETS with what the kernel allows.

about: tables and hooks in which it is legal, proto = protocols that it demands; ends = a packet does not get past it."""
import wire
from mix import Registry
from matches import CLASSES, TOS_NAMES, hexadecimal, mark_value

TARGETS = Registry()
IN, FWD, OUT, PRE, POST = "INPUT", "FORWARD", "OUTPUT", "PREROUTING", "POSTROUTING"
PORTED = ("tcp", "udp")


@TARGETS.add("ACCEPT", weight=4)
def accept(rule):
    return "-j ACCEPT"


@TARGETS.add("DROP", weight=1.5)
def drop(rule):
    return "-j DROP" if rule.table != "nat" else "-j ACCEPT"    # the nat table refuses DROP


@TARGETS.add("none", weight=2)
def none(rule):
    """A rule that only counts."""
    return ""


@TARGETS.add("RETURN", weight=1.5)
def back(rule):
    return "-j RETURN"


@TARGETS.add("QUEUE", weight=0.15)
def queue(rule):
    return "-j QUEUE"


@TARGETS.add("REJECT", weight=2.2, tables={"filter"}, hooks={IN, FWD, OUT})
def reject(rule):
    r = rule.r
    if rule.world.family.number == 6:
        return reject6(rule)
    kinds = ["", "", "icmp-net-unreachable", "icmp-host-unreachable", "icmp-port-unreachable", "icmp-proto-unreachable", "icmp-net-prohibited",
             "icmp-host-prohibited", "icmp-admin-prohibited", "host-unreach", "admin-prohib"]
    if rule.proto == "tcp" or (rule.proto is None and rule.focus.proto == 6 and r.random() < 0.5):
        rule.proto = "tcp"
        kinds = ["tcp-reset"] * 5 + ["tcp-rst", "", "icmp-port-unreachable"]
    kind = r.choice(kinds)
    return "-j REJECT" + (f" --reject-with {kind}" if kind else "")


def reject6(rule):
    r = rule.r
    kinds = ["", "", "icmp6-no-route", "no-route", "icmp6-adm-prohibited", "adm-prohibited", "icmp6-addr-unreachable", "addr-unreach", "icmp6-port-unreachable",
             "icmp6-policy-fail", "policy-fail", "icmp6-reject-route", "reject-route"]
    if rule.proto == "tcp" or (rule.proto is None and rule.focus.proto == 6 and r.random() < 0.5):
        rule.proto = "tcp"
        kinds = ["tcp-reset"] * 5 + ["", "icmp6-port-unreachable"]
    kind = r.choice(kinds)
    return "-j REJECT" + (f" --reject-with {kind}" if kind else "")


@TARGETS.add("LOG", weight=1.2)
def log(rule):
    r = rule.r
    options = r.some(['--log-prefix "in: "', "--log-prefix dropped", f"--log-level {r.choice(['info', '4', '7', 'debug', 'warning', 'crit'])}",
                      "--log-tcp-sequence", "--log-tcp-options", "--log-ip-options", "--log-uid", "--log-macdecode"], 0, 3)
    if sum("prefix" in o for o in options) > 1:
        options = [o for o in options if "prefix" not in o]
    return " ".join(["-j LOG"] + options)


@TARGETS.add("NFLOG", weight=0.8)
def nflog(rule):
    r = rule.r
    options = r.some([f"--nflog-group {r.choice([0, 1, 5])}", f'--nflog-prefix {r.choice(["seen", chr(34) + "a b" + chr(34)])}', f"--nflog-size {r.choice([0, 40, 128])}",
                      f"--nflog-threshold {r.choice([1, 5])}"], 0, 3)
    return " ".join(["-j NFLOG"] + options)


def somewhere(rule):
    """An address to translate to: hosts, own addresses, addresses that nobody has."""
    r, w = rule.r, rule.world
    near = [a for a, _ in w.neighbours()] or w.own()
    return r.choices([r.choice(near), r.choice(w.own()), r.choice([a for a, _ in w.far] or near), r.choice(w.family.outside)],
                     [7, 3, 1.5, 0.7])[0]


def span(r, address):
    if ":" in address:
        number = int.from_bytes(wire.address(address), "big")
        return f"{address}-{wire.text((number + r.choice([1, 2, 5])).to_bytes(16, 'big'))}"
    head, last = address.rsplit(".", 1)
    return f"{address}-{head}.{min(254, int(last) + r.choice([1, 2, 5]))}"


def ports(rule, low_only=False):
    r, w = rule.r, rule.world
    p = r.choice(w.dports + [8080, 2222])
    return r.choices([str(p), f"{p}-{p + r.choice([1, 3, 20])}"], [5, 0 if low_only else 1])[0]


def with_ports(rule):
    """Whether a translation may name ports: it then needs a protocol that has them."""
    if rule.proto in PORTED:
        return rule.r.random() < 0.55
    if rule.proto is None and rule.focus.proto_name in PORTED and rule.r.random() < 0.5:
        rule.proto = rule.focus.proto_name
        return True
    return False


@TARGETS.add("DNAT", weight=12, tables={"nat"}, hooks={PRE, OUT}, tags={"nat"})
def dnat(rule):
    r = rule.r
    address = somewhere(rule)
    if r.random() < 0.1:
        address = span(r, address)
    if with_ports(rule):
        address = (bracketed(address) if r.random() < 0.9 else "") + ":" + ports(rule)
    return f"-j DNAT --to-destination {address}" + (" --persistent" if r.random() < 0.06 else "")


def bracketed(address):
    """An address or range with room for a port behind it."""
    return f"[{address}]" if ":" in address and "-" not in address else "-".join(f"[{a}]" for a in address.split("-")) if ":" in address else address


def with_port(address, port):
    """An address with the text of a port behind it, such as ":80", or without one."""
    return bracketed(address) + port if port else address


def source_ports(rule):
    """Ports for the source: one, or a range that holds every source port in use (another would be chosen at random)."""
    r, f = rule.r, rule.focus
    return r.choice([str(f.sport or 1024), str(r.choice([1030, 4000, 61000])), "1-65535"])


@TARGETS.add("SNAT", weight=8, tables={"nat"}, hooks={POST, IN}, tags={"nat"})
def snat(rule):
    r, w = rule.r, rule.world
    address = r.choice(w.own() + w.family.sources) if r.random() < 0.85 else somewhere(rule)
    if r.random() < 0.12:
        address = span(r, address)
    if with_ports(rule) and r.random() < 0.6:
        address = bracketed(address) + ":" + source_ports(rule)
    return f"-j SNAT --to-source {address}" + (" --persistent" if r.random() < 0.06 else "")


@TARGETS.add("MASQUERADE", weight=8, tables={"nat"}, hooks={POST}, tags={"nat"})
def masquerade(rule):
    return "-j MASQUERADE" + (f" --to-ports {source_ports(rule)}" if with_ports(rule) and rule.r.random() < 0.4 else "")


@TARGETS.add("REDIRECT", weight=4, tables={"nat"}, hooks={PRE, OUT}, tags={"nat"})
def redirect(rule):
    return "-j REDIRECT" + (f" --to-ports {ports(rule)}" if with_ports(rule) else "")


@TARGETS.add("NETMAP", weight=2.5, tables={"nat"}, hooks={PRE, OUT, POST, IN}, tags={"nat"})
def netmap(rule):
    r, w = rule.r, rule.world
    network = r.choice([n for l in w.networks.values() for n in l] + w.family.netmaps)
    return f"-j NETMAP --to {network if r.random() < 0.9 else somewhere(rule)}"


@TARGETS.add("NOTRACK", weight=2.5, tables={"raw"}, tags={"conntrack", "ct"})
def notrack(rule):
    return "-j NOTRACK"


@TARGETS.add("CT", weight=2.5, tables={"raw"}, tags={"conntrack"})
def ct(rule):
    return "-j CT --notrack"


@TARGETS.add("MARK", weight=3)
def mark(rule):
    r = rule.r
    value = hexadecimal(r, r.choice(rule.world.marks), 1)
    return "-j MARK " + r.choices([f"--set-mark {value}", f"--set-mark {value}/0xff", f"--set-xmark {value}/0xf", f"--and-mark {value}", f"--or-mark {value}",
                                   f"--xor-mark {value}", f"--set-xmark {value}"], [5, 1, 1, 1, 1, 1, 1])[0]


@TARGETS.add("CONNMARK", weight=2, tags={"mark", "conntrack"})
def connmark(rule):
    r = rule.r
    value = hexadecimal(r, r.choice(rule.world.marks), 1)
    return "-j CONNMARK " + r.choices([f"--set-mark {value}", f"--set-xmark {value}/0xff", "--save-mark", "--restore-mark", "--save-mark --mask 0xff",
                                       "--restore-mark --mask 0xf", "--save-mark --nfmask 0xff --ctmask 0xf0", "--restore-mark --nfmask 0xff --ctmask 0x1f",
                                       f"--and-mark {value}", f"--or-mark {value}", f"--xor-mark {value}", f"--set-mark {value}/0xf"],
                                      [4, 1, 3, 3, .5, .5, .5, .5, .5, .5, .5, .5])[0]


@TARGETS.add("HL", weight=1.5, tables={"mangle"}, tags={"ttl"}, family=6)
def hop_limit(rule):
    return ttl(rule).replace("TTL", "HL").replace("--ttl", "--hl")


def prefixes(rule):
    r, w = rule.r, rule.world
    own = [n for l in w.networks.values() for n in l] + w.family.netmaps
    length = r.choice([48, 64, 56, 60])
    pick = lambda: f"{r.choice(own).split('/')[0]}/{length}"
    return f"--src-pfx {pick()} --dst-pfx {pick()}"


@TARGETS.add("SNPT", weight=1.2, tables={"mangle"}, hooks={IN, POST}, tags={"npt", "nat"}, family=6)
def snpt(rule):
    return "-j SNPT " + prefixes(rule)


@TARGETS.add("DNPT", weight=1.2, tables={"mangle"}, hooks={PRE, OUT}, tags={"npt", "nat"}, family=6)
def dnpt(rule):
    return "-j DNPT " + prefixes(rule)


@TARGETS.add("TTL", weight=1.5, tables={"mangle"}, family=4)
def ttl(rule):
    r = rule.r
    return f"-j TTL {r.choice(['--ttl-set 64', '--ttl-set 1', '--ttl-set 0', '--ttl-set 255', '--ttl-inc 1', '--ttl-inc 200', '--ttl-dec 1', '--ttl-dec 63', '--ttl-dec 100'])}"


@TARGETS.add("TOS", weight=1.2, tables={"mangle"})
def tos(rule):
    r = rule.r
    value = f"0x{r.choice([0, 0x10, 8, 0xff, 0xb8, 3]):02x}"
    return f"-j TOS {r.choice(['--set-tos ' + value, f'--set-tos {value}/0x3f', f'--set-tos {value}/0xfc', '--and-tos ' + value, '--or-tos ' + value, '--xor-tos ' + value, '--set-tos ' + r.choice(TOS_NAMES)])}"


@TARGETS.add("DSCP", weight=1.2, tables={"mangle"})
def dscp(rule):
    r = rule.r
    return f"-j DSCP --set-dscp {hexadecimal(r, r.choice([0, 10, 46, 63]))}" if r.random() < 0.5 else f"-j DSCP --set-dscp-class {r.choice(CLASSES)}"


@TARGETS.add("ECN", weight=0.8, tables={"mangle"}, proto=("tcp",), family=4)
def ecn(rule):
    return "-j ECN --ecn-tcp-remove"


@TARGETS.add("TCPMSS", weight=1.5, proto=("tcp",), syn=True, tables={"mangle", "filter", "raw", "security"}, tags={"mtu"})
def tcpmss(rule):
    r = rule.r
    if rule.hooks <= {FWD, OUT, POST} and r.random() < 0.5:
        return "-j TCPMSS --clamp-mss-to-pmtu"
    return f"-j TCPMSS --set-mss {r.choice([536, 1200, 1300, 1452, 1460, 65495])}"


@TARGETS.add("TCPOPTSTRIP", weight=1.5, tables={"mangle"}, proto=("tcp",))
def tcpoptstrip(rule):
    r = rule.r
    names = {'wscale': 3, 'mss': 2, 'sack-permitted': 4, 'sack': 5, 'timestamp': 8, 'md5': 19, 'other': r.choice([253, 28, 254])}
    chosen = [n if n != 'other' and r.random() < 0.7 else str(names[n]) for n in r.some(names, 1, 3)]
    return f"-j TCPOPTSTRIP --strip-options {','.join(chosen)}"


@TARGETS.add("CLASSIFY", weight=0.7, hooks={FWD, OUT, POST})
def classify(rule):
    return f"-j CLASSIFY --set-class {rule.r.choice(['1:10', '0:0', 'ffff:1', '0001:000a', '2:FF'])}"


@TARGETS.add("CHECKSUM", weight=0.7, tables={"mangle"}, proto=("tcp", "udp"))
def checksum(rule):
    return "-j CHECKSUM --checksum-fill"


@TARGETS.add("TRACE", weight=0.8, tables={"raw"})
def trace(rule):
    return "-j TRACE"


@TARGETS.add("TPROXY", weight=1, tables={"mangle"}, hooks={PRE}, proto=("tcp", "udp"))
def tproxy(rule):
    r = rule.r
    mark = r.choice(["", "", " --tproxy-mark 1", " --tproxy-mark 0x10/0xf0"])
    address = f" --on-ip {r.choice(rule.world.own())}" if r.random() < 0.3 else ""
    return f"-j TPROXY --on-port {r.choice([0, 80, 8080])}{address}{mark}"


@TARGETS.add("TEE", weight=1.2, tables={"raw", "mangle", "filter", "nat", "security"})
def tee(rule):
    r, w = rule.r, rule.world
    gateway = r.choice([a for a, _ in w.neighbours()] or w.own()) if r.random() < 0.75 else w.any_address()
    if gateway in ("0.0.0.0", "::"):
        gateway = w.own()[0]
    return f"-j TEE --gateway {gateway}" + (f" --oif {r.choice(w.names + ['lo', 'eth9'])}" if r.random() < 0.2 else "")


@TARGETS.add("HMARK", weight=1.2, tags={"mark"})
def hmark(rule):
    r = rule.r
    if r.random() < 0.5:
        parts = ["--hmark-tuple " + ",".join(r.some(["src", "dst", "sport", "dport", "proto", "ct"], 1, 4))]
    else:
        most = 32 if rule.world.family.number == 4 else 128
        parts = r.some([f"--hmark-src-prefix {r.choice([0, 8, 24, 32, most])}", f"--hmark-dst-prefix {r.choice([0, 8, 24, 32, most])}", "--hmark-sport-mask 0xff00",
                        "--hmark-dport-mask 0x00ff", "--hmark-proto-mask 0xff", "--hmark-dport 0x0050"], 1, 4)
        if r.random() < 0.15:
            parts = ["--hmark-spi-mask 0xffffff00"]
    return f"-j HMARK {' '.join(parts)} --hmark-rnd {r.choice(['0', '1', '0xcafe'])} --hmark-mod {r.choice([1, 2, 5, 10, 4294967295])}" + r.choice(["", " --hmark-offset 100"])


@TARGETS.add("AUDIT", weight=0.5)
def audit(rule):
    return f"-j AUDIT --type {rule.r.choice(['accept', 'drop', 'reject'])}"


@TARGETS.add("CONNSECMARK", weight=0.4, tables={"mangle", "security"}, tags={"conntrack"})
def connsecmark(rule):
    return f"-j CONNSECMARK --{rule.r.choice(['save', 'restore'])}"


@TARGETS.add("IDLETIMER", weight=0.4)
def idletimer(rule):
    return f"-j IDLETIMER --timeout 600 --label scenario{rule.r.randint(0, 3)}"


@TARGETS.add("RATEEST", weight=0.4)
def rateest(rule):
    return f"-j RATEEST --rateest-name r{rule.r.randint(0, 3)} --rateest-interval 250ms --rateest-ewmalog 1s"
