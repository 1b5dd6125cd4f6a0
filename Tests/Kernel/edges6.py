"""Scenarios of IPv6 at the edges, which chance hardly meets. edges.py --family 6 records them; to add one, add a function whose name is
the scenario's."""
import struct

import wire

HERE, NEAR, FAR, GONE = "fd00:1::1", "fd00:1::2", "fd00:2::9", "fd00:77::1"
NOTHING = "*filter\nCOMMIT\n"
STATES = "".join(f"-A {chain} -m conntrack --ctstate {state} -j ACCEPT\n" for chain in ("INPUT", "FORWARD", "OUTPUT")
                 for state in ("INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"))
TRACKED = "*filter\n" + STATES + "COMMIT\n"
PAD, UNKNOWN, ALERT = (60, b"\0\0\1\4\0\0\0\0"), (60, b"\0\0\xde\4\0\0\0\0"), (0, b"\0\0\5\2\0\0\1\0")
EDGES = {}


def edge(make):
    EDGES["ipv6-" + make.__name__.replace("_", "-")] = make
    return make


def scenario(packets, rules=NOTHING, stack="answers", **more):
    """Two networks and a router between them, whose stack answers; packets are steps, or bytes that come in on eth0."""
    interfaces = [{"name": "eth0", "addrs": more.pop("addresses", ["fd00:1::1/64", "fe80::1/64"])}, {"name": "eth1", "addrs": ["fd00:2::1/64"]}]
    steps = [{"in": "eth0", "hex": p.hex()} if isinstance(p, bytes) else p for p in packets]
    sysctls = {"net.ipv6.conf.all.forwarding": "1"} | more.pop("sysctls", {})
    return dict({"interfaces": interfaces, "sysctls": sysctls, "rules6": rules, "packets": steps}, **({"stack": stack} if stack else {}), **more)


def back(packet):
    return {"in": "eth1", "hex": packet.hex()}


def own(packet, mark=0):
    return {"local": True, "hex": packet.hex()} | ({"mark": mark} if mark else {})


def udp(source=NEAR, target=HERE, sport=4000, dport=53, data=b"x", headers=(), **more):
    return wire.ipv6(source, target, wire.UDP, wire.udp(source, target, sport, dport, data), extensions=headers, **more)


def tcp(source=NEAR, target=HERE, flags="S", **more):
    return wire.ipv6(source, target, wire.TCP, wire.tcp(source, target, 4000, 80, flags, 5), **more)


def ping(source=NEAR, target=HERE, data=b"ping", headers=(), **more):
    return wire.ipv6(source, target, wire.ICMPV6, wire.icmpv6(source, target, 128, 0, b"\0\1\0\1", data), extensions=headers, **more)


def fragment(offset=0, more=False, ident=7):
    return (44, struct.pack(">BBHI", 0, 0, offset | more, ident))


def train(source=NEAR, target=HERE, piece=24, total=72, ident=7, before=(), later=None):
    """A datagram in fragments; `before` stands in front of the fragment header, of later ones `later` if that is given."""
    body = wire.udp(source, target, 4000, 53, b"x" * (total - 8))
    return [wire.ipv6(source, target, wire.UDP, body[at:at + piece],
                      extensions=[*(before if at == 0 or later is None else later), fragment(at, at + piece < total, ident)])
            for at in range(0, total, piece)]


UNLIMITED = {"net.ipv6.icmp.ratelimit": "0"}
HEADERS = [[fragment()], [PAD, fragment()], [ALERT, fragment()], [ALERT, PAD, fragment()], [UNKNOWN, fragment()], [fragment(), UNKNOWN], [PAD, fragment(), UNKNOWN],
           [fragment(), fragment()], [(43, b"\0\2\0\0" + bytes(4) + wire.address(NEAR)), fragment()]]


def whole_with_fragment_header(rules):
    # The ports are those that, read as an options header or a routing header, lead to something.
    return scenario([udp(headers=h, sport=s, dport=d, data=bytes(8)) for h in HEADERS for s, d in ((1000, 2000), (0x1100, 0), (0x3b00, 0xde04))], rules,
                    sysctls=UNLIMITED)


@edge
def fragment_header_of_a_whole_packet():
    return whole_with_fragment_header(NOTHING)


@edge
def fragment_header_of_a_whole_packet_tracked():
    return whole_with_fragment_header(TRACKED)


def odd_fragments():
    a, b, c = train()
    body = bytes(40)
    one = lambda payload, offset, more, ident: wire.ipv6(NEAR, HERE, 17, payload, extensions=[fragment(offset, more, ident)])
    return [a, a, b, c, a, one(body[:20], 24, True, 8), one(body[:16], 0, True, 9), one(body[:16], 8, True, 9), one(body[:16], 16, False, 9), one(body[:16], 0, True, 10),
            one(body[:16], 32, False, 10), one(body[:16], 40, False, 10), one(b"", 0, True, 11), one(body[:16], 65528, False, 12), one(body[:8], 65520, False, 13),
            one(body[:4], 0, True, 14), one(b"\x06" + body[:7], 0, True, 15), wire.ipv6(NEAR, HERE, 6, body[:16], extensions=[fragment(0, True, 16)]),
            wire.ipv6(NEAR, HERE, 6, body[:16], extensions=[PAD, fragment(16, True, 16)]), wire.ipv6(NEAR, HERE, 6, body[:32], extensions=[PAD, fragment(16, True, 16)]),
            wire.ipv6(NEAR, HERE, 6, body[:16], extensions=[PAD, fragment(0, True, 17)]), wire.ipv6(NEAR, HERE, 6, body[:16], extensions=[fragment(0, True, 18), PAD]),
            wire.ipv6(NEAR, HERE, 44, b"\x11\0\0\0", extensions=[]), wire.ipv6(NEAR, FAR, 44, b"\x11\0\0\0", extensions=[]), wire.ipv6(NEAR, FAR, 44, b"\x11\0\0\1\0\0\0\1", extensions=[]),
            c, udp()]


@edge
def fragments_that_do_not_go_together():
    return scenario(odd_fragments(), sysctls=UNLIMITED)


@edge
def fragments_that_do_not_go_together_tracked():
    return scenario(odd_fragments(), TRACKED, sysctls=UNLIMITED)


SHORT = {"net.ipv6.ip6frag_time": "1", "net.netfilter.nf_conntrack_frag6_timeout": "1"}


@edge
def fragments_in_time():
    a, b, c = train()
    return scenario([a, {"wait": 1.3}, b, c, a, udp(), train(ident=8)[1], {"wait": 1.3}, udp()], sysctls=SHORT)


def late(source, target, first=0, sends=False):
    """Tracked fragments whose others do not come; one datagram a scenario, as the order of several is chance."""
    part = train(source, target)[first]
    return scenario([own(part) if sends else part, {"wait": 1.3}, udp(), udp(target=FAR)], "*mangle\n-A OUTPUT -p icmpv6 -j HL --hl-dec 1\nCOMMIT\n" + TRACKED, sysctls=SHORT)


@edge
def late_fragments_for_the_host():
    return late(NEAR, HERE)


@edge
def late_fragments_without_the_first():
    return late(NEAR, HERE, 1)


@edge
def late_fragments_for_another():
    return late(NEAR, FAR)


@edge
def late_fragments_for_nobody():
    return late(NEAR, GONE)


@edge
def late_fragments_for_a_group():
    return late(NEAR, "ff02::1")


@edge
def late_fragments_of_a_neighbour():
    return late("fe80::9", HERE)


@edge
def late_fragments_of_the_host():
    return late(HERE, NEAR, sends=True)


@edge
def late_fragments_for_itself():
    return late(HERE, HERE, sends=True)


@edge
def times_of_tracking_and_of_delivery():
    return scenario([train()[0], {"wait": 1.3}, udp()], TRACKED, sysctls=SHORT | {"net.netfilter.nf_conntrack_frag6_timeout": "9"})


@edge
def pieces_of_a_forwarded_packet():
    packets = []
    for number, (piece, total) in enumerate(((1440, 3000), (1448, 3000), (1456, 3000), (1232, 3000), (1000, 3000), (1000, 1300))):
        packets += train(NEAR, FAR, piece, total, 40 + number)
    packets += train(NEAR, FAR, 1000, 3000, 50, [PAD] * 3, []) + train(NEAR, FAR, 1000, 3000, 51, [PAD] * 7, []) + train(NEAR, FAR, 1000, 3000, 52, [], [PAD])
    return scenario(packets, TRACKED)


@edge
def pieces_of_a_packet_of_ones_own():
    return scenario([own(p) for p in train(HERE, FAR, 1000, 1800, 60) + train(HERE, FAR, 1000, 1800, 61, [PAD], []) + train(HERE, FAR, 1000, 1800, 62, [PAD])], TRACKED)


@edge
def reassembled_and_a_smaller_way():
    packets = train(NEAR, "fd00:20::1", 1400, 3000, 7) + train(NEAR, "fd00:20::1", 1200, 3000, 8) + train(NEAR, "fd00:21::1", 1400, 3000, 9) + train(NEAR, "fd00:21::1", 1200, 3000, 10)
    packets += [udp(NEAR, target, data=b"x" * size) for target in ("fd00:20::1", "fd00:21::1", "fd00:22::1") for size in (900, 960, 1240, 1260, 1400, 1460)]
    return scenario(packets, TRACKED, routes=["fd00:20::/32 via fd00:2::7 mtu 1300", "fd00:21::/32 via fd00:2::7 mtu lock 1300", "fd00:22::/32 via fd00:2::7 mtu 1000"])


@edge
def own_packets_and_a_smaller_way():
    return scenario([own(udp(HERE, t, data=b"x" * s)) for t in ("fd00:20::1", "fd00:22::1") for s in (900, 960, 1240, 1400, 1452)] + [ping(data=b"x" * 1452)]
                    + [wire.ipv6(NEAR, HERE, 58, wire.icmpv6(NEAR, HERE, 128, 0, b"\0\1\0\2", b"x" * 1800)[at:at + 904], extensions=[fragment(at, at < 904)]) for at in (0, 904)],
                    routes=["fd00:20::/32 via fd00:2::7 mtu 1300", "fd00:22::/32 via fd00:2::7 mtu 1000"])


@edge
def an_interface_with_a_smaller_mtu():
    return scenario([udp(NEAR, FAR, data=b"x" * s) for s in (1200, 1252, 1253, 1300)] + [own(udp(HERE, FAR, data=b"x" * s)) for s in (1252, 1253)], TRACKED,
                    sysctls={"net.ipv6.conf.eth1.mtu": "1300"})


OPTIONS = [b"\0\0\1\4\0\0\0\0", b"\0\0\5\2\0\0\1\0", b"\0\0\5\3\0\0\0\0", b"\0\0\7\4\0\0\0\0", b"\0\1\7\x0c" + bytes(12), b"\0\0\x1e\4\0\0\0\0", b"\0\0\x5e\4\0\0\0\0", b"\0\0\x9e\4\0\0\0\0",
           b"\0\0\xde\4\0\0\0\0", b"\0\0\xc2\4\0\1\0\0", b"\0\0\xc2\4\0\0\0\7", b"\0\0\xc2\2\0\1\1\0", b"\0\1\1\0\xc2\4\0\2\0\0\1\4\0\0\0\0", b"\0\0\x31\4\0\0\0\0",
           b"\0\1\1\0\x31\x0a" + bytes(10), b"\0\0\0\0\0\0\0\0", b"\0\1\1\6\0\0\0\0\0\0\1\4\0\0\0\0", b"\0\0\1\4\0\0\0\1", b"\0\0\1\5\0\0\0\0", b"\0\0\1\x09\0\0\0\0", b"\0\1\5\2\0\0\0\0\1\6\0\0\0\0\0\0",
           b"\0\0\x1e\0\x1e\0\x1e\0", b"\0\1\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0", b"\0\2" + b"\x1e\0" * 11]


def options(number, target, **sysctls):
    return scenario([udp(NEAR, target, headers=[(number, o)]) for o in OPTIONS], sysctls={"net.ipv6.icmp.ratelimit": "0"} | sysctls)


@edge
def hop_by_hop_options():
    return options(0, FAR)


@edge
def hop_by_hop_options_to_a_group():
    return options(0, "ff02::1")


@edge
def hop_by_hop_options_limited():
    return options(0, HERE, **{"net.ipv6.max_hbh_opts_number": "-2", "net.ipv6.max_hbh_length": "16"})


@edge
def destination_options():
    return options(60, HERE)


@edge
def destination_options_to_a_group():
    return options(60, "ff02::1")


@edge
def destination_options_limited():
    return options(60, HERE, **{"net.ipv6.max_dst_opts_number": "1", "net.ipv6.max_dst_opts_length": "8"})


@edge
def routing_headers():
    rest = bytes(4) + wire.address(FAR)
    headers = [(43, bytes([0, 2, kind, left]) + rest) for kind in (0, 1, 2, 3, 4, 5, 253) for left in (0, 1, 2)] + [(43, b"\0\x28\0\0" + rest), (43, b"\0\0\0\1\0\0\0\0")]
    return scenario([udp(headers=[h]) for h in headers] + [udp(target="ff02::1", headers=headers[1:2]), udp(NEAR, FAR, headers=headers[1:2])], sysctls={"net.ipv6.icmp.ratelimit": "0"})


@edge
def headers_one_after_the_other():
    routing, ah = (43, b"\0\2\0\0" + bytes(4) + wire.address(FAR)), (51, b"\0\4\0\0" + struct.pack(">II", 0x100, 1) + bytes(12))
    chains = [[ALERT, PAD, routing, fragment(), PAD], [PAD, ALERT], [ALERT, ALERT], [routing, routing], [ah], [PAD, ah], [PAD] * 9, [(135, b"\0\1\5\0" + bytes(12))]]
    packets = [udp(headers=c) for c in chains] + [wire.ipv6(NEAR, HERE, n, b"rest of it", extensions=[PAD]) for n in (59, 0, 41, 47, 103, 135, 253)]
    whole = udp(headers=[ALERT, PAD, routing, PAD])
    for cut in range(41, len(whole), 5):
        packets.append(whole[:4] + struct.pack(">H", cut - 40) + whole[6:cut])
    return scenario(packets, TRACKED, sysctls={"net.ipv6.icmp.ratelimit": "0"})


@edge
def lengths_that_lie():
    packet = udp(data=b"12345678")
    return scenario([packet[:4] + struct.pack(">H", n) + packet[6:] for n in (0, 1, 8, 15, 16, 17, 1000)] + [packet + b"trailer", packet[:39], packet[:40]], TRACKED)


@edge
def limits_of_errors():
    return scenario([udp(NEAR)] * 8 + [udp("fd00:1::3", target=GONE)] * 7 + [{"wait": 1.5}] + [udp(NEAR)] * 5, sysctls={"net.ipv6.icmp.ratelimit": "200"})


@edge
def limits_without_errors():
    return scenario([ping(NEAR)] * 8 + [udp(NEAR)] * 8, sysctls={"net.ipv6.icmp.ratemask": "129", "net.ipv6.icmp.ratelimit": "60000"})


@edge
def limits_of_redirects():
    packet = udp("fd00:1::3", "fd00:1::7")
    return scenario([packet] * 8 + [udp("fd00:1::8", GONE), udp("fd00:1::4", "fd00:1::8"), {"wait": 1.2}, udp("fd00:1::4", "fd00:1::8")])


@edge
def redirects():
    return scenario([udp(NEAR, "fd00:1::7"), udp(NEAR, "fe80::9"), udp("fe80::9", "fd00:1::7"), udp(NEAR, "fd00:20::1"), udp(NEAR, "fd00:21::1"), udp(FAR, "fd00:1::7"), udp("fd00:22::1", "fd00:1::7"),
                     udp("::", "fd00:1::7"), udp("fd00:23::1", "fd00:1::8")],
                    routes=["fd00:20::/32 via fd00:1::7", "fd00:21::/32 via fe80::7 dev eth0", "fd00:22::/32 dev eth0", "fd00:23::/32 dev eth0", "default via fd00:1::99 table 100"],
                    ip_rules=["from ::/0 to fd00:23::/32 oif eth0 lookup 100"])


@edge
def anycast():
    packets = [p for t in ("fd00:1::", "fd00:2::", "fe80::") for p in (udp(NEAR, t), ping(NEAR, t), tcp(NEAR, t))]
    return scenario(packets + [udp("fd00:1::"), ping("fd00:1::"), udp("fd00:2::"), own(udp(HERE, "fd00:2::")), own(ping(HERE, "fd00:1::"))])


@edge
def anycast_as_unicast():
    packets = [ping(NEAR, "fd00:1::"), ping(NEAR, "fd00:2::"), udp("fd00:1::"), udp("fd00:2::")]
    return scenario(packets, sysctls={"net.ipv6.anycast_src_echo_reply": "1", "net.ipv6.icmp.error_anycast_as_unicast": "1"})


@edge
def anycast_ignored_and_off():
    return scenario([ping(NEAR, "fd00:1::"), ping(NEAR, "fd00:2::"), udp(NEAR, "fd00:2::")], sysctls={"net.ipv6.icmp.echo_ignore_anycast": "1", "net.ipv6.conf.eth0.forwarding": "0"})


@edge
def ones_own_addresses():
    local = ("::1", HERE, "fd00:2::1", "fe80::1")
    return scenario([own(make(a, b)) for a in local for b in local for make in (ping, udp, tcp)] + [own(tcp(HERE, "::")), own(udp(HERE, "::"))], TRACKED,
                    sysctls={"net.ipv6.icmp.ratelimit": "0"})


@edge
def addresses_that_cannot_be():
    odd = ("::", "::1", "ff02::1", "::ffff:10.0.0.1", "fe80::9", "fec0::1")
    return scenario([make(a, b) for a in odd for b in (HERE, FAR, "fe80::9") for make in (ping, udp)] + [udp(NEAR, b) for b in ("::", "::1", "ff00::1", "ff01::1", "ff02::2", "ff05::2", "fe80::9", "fec0::1")],
                    sysctls={"net.ipv6.icmp.ratelimit": "0"})


@edge
def sources_of_errors():
    routes = ["fd00:20::/32 via fd00:1::7 dev eth0 src fd00:2::1", "fd00:21::/32 dev eth1", "unreachable fd00:67::/32", "prohibit fd00:68::/32", "blackhole fd00:66::/32", "unreachable ::/0 table 100"]
    packets = [udp(s, t) for s in (NEAR, "fd00:20::9", "fd00:21::9", "fe80::9") for t in (HERE, GONE, "fd00:67::1", "fd00:68::1", "fd00:66::1", "fd00:2::1")]
    return scenario(packets + [udp(NEAR, FAR, hop_limit=1), ping("fd00:1::8"), udp("fd00:1::8")], routes=routes, ip_rules=["from ::/0 to fd00:1::8 oif eth0 lookup 100"],
                    sysctls={"net.ipv6.icmp.ratelimit": "0"})


def prefixes(chain, target, ours, theirs):
    return f"*mangle\n-A {chain} -j {target} --src-pfx {ours} --dst-pfx {theirs}\nCOMMIT\n" + TRACKED


@edge
def prefixes_of_other_sources():
    """The translation is neutral to checksums only for the prefix it is for; tracking's look at them counts nevertheless."""
    packets = [ping(), ping("fd00:2::9"), udp(), udp(data=b"x" * 100), tcp(), ping(hop_limit=9)]
    return scenario(packets, prefixes("INPUT", "SNPT", "2001:db8:9::/60", "2001:db8:9::/60"))


@edge
def headers_that_changed_after_tracking():
    packets = [make(**more) for more in ({}, {"data": b"x" * 60}, {"data": b"x" * 61}, {"data": b"x" * 600}) for make in (udp, ping)] + [tcp()]
    return scenario(packets, "*mangle\n-A PREROUTING -j DSCP --set-dscp 0x0a\nCOMMIT\n" + TRACKED)


@edge
def errors_translated_after_other_changes():
    """An error's checksum is looked at by NAT, unless it was found right before; the hop limit is a part of what was summed."""
    out = udp(NEAR, FAR, sport=700)
    inner = wire.ipv6("fd00:2::1", FAR, 17, wire.udp("fd00:2::1", FAR, 700, 53, b"x"))
    error = lambda code: back(wire.ipv6(FAR, "fd00:2::1", 58, wire.icmpv6(FAR, "fd00:2::1", 1, code, bytes(4), inner)))
    rules = ("*nat\n-A POSTROUTING -o eth1 -j SNAT --to-source fd00:2::1\nCOMMIT\n*mangle\n-A PREROUTING -i eth1 -m icmp6 -p icmpv6 --icmpv6-type 1/1 -j HL --hl-set 9\n"
             "-A PREROUTING -i eth1 -m icmp6 -p icmpv6 --icmpv6-type 1/3 -j DNPT --src-pfx fd00:2::/64 --dst-pfx fd00:2::/64\nCOMMIT\n") + TRACKED
    return scenario([out] + [error(c) for c in (0, 1, 3, 4)], rules)


@edge
def ranges_of_destinations():
    rules = "*nat\n-A PREROUTING -p udp -j DNAT --to-destination fd00:2::20-fd00:2::27\n-A PREROUTING -p tcp -j DNAT --to-destination fd00:2::20-fd00:2:0:1::27\n" \
            "-A POSTROUTING -p udp -j SNAT --to-source fd00:2::30-fd00:2::37\nCOMMIT\n" + TRACKED
    return scenario([make(f"fd00:1::{n:x}", t) for n in range(3, 12) for make, t in ((udp, HERE), (tcp, HERE), (tcp, FAR))], rules)


@edge
def rerouted_after_mangle_and_nat():
    rules = "*mangle\n-A OUTPUT -p udp --dport 2 -j MARK --set-mark 5\n-A OUTPUT -p udp --dport 3 -j HL --hl-set 7\n-A OUTPUT -p udp --dport 4 -j TOS --set-tos 0x10\nCOMMIT\n" \
            "*nat\n-A OUTPUT -p udp --dport 5 -j DNAT --to-destination fd00:20::5\nCOMMIT\n" + TRACKED
    packets = [own(udp(HERE, t, 4000 + n * 10 + m, p), m) for n, t in enumerate(("fd00:20::1", FAR)) for p in (1, 2, 3, 4, 5) for m in (0, 6)]
    return scenario(packets, rules, routes=["default via fd00:1::7", "default via fd00:2::7 table 100", "default dev eth1 table 101", "unreachable ::/0 table 102"],
                    ip_rules=["from ::/0 fwmark 5 table 100", "from ::/0 tos 0x10 table 101", "from ::/0 fwmark 6 oif eth1 table 102"])


@edge
def forwarding_of_some():
    packets = [udp(NEAR, FAR), back(udp(FAR, NEAR)), udp(NEAR, HERE), udp(NEAR, "fd00:2::")]
    return scenario(packets, sysctls={"net.ipv6.conf.all.forwarding": "0", "net.ipv6.conf.eth0.force_forwarding": "1", "net.ipv6.conf.eth1.forwarding": "1"})
