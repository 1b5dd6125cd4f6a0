"""Scenarios of IPv6 at the edges of settings and routes: interfaces without IPv6, routes for some sources, segment routing, memory for
fragments. edges.py --family 6 records them with those of edges6.py."""
import struct

import wire
from edges6 import FAR, GONE, HERE, NEAR, NOTHING, TRACKED, UNLIMITED, back, edge, own, ping, scenario, train, udp

THERE = "fd00:2::1"
EVERYWHERE = "*raw\n-A PREROUTING\n-A OUTPUT\nCOMMIT\n*mangle\n-A POSTROUTING\nCOMMIT\n*filter\n-A INPUT\n-A FORWARD\n-A OUTPUT\nCOMMIT\n"


def endless(target):
    """A packet whose second header reaches far beyond it, and is followed by a third."""
    options = (60, b"\0\0\1\4\0\0\0\0")
    return wire.ipv6(NEAR, target, 58, b"\x80\0\0\0", extensions=[options, (43, b"\0\x3c\2\0\0\0\0\0"), options])


@edge
def protocol_all_follows_headers():
    """`-p all` is a condition of its own: the kernel follows the headers for it, and drops what it cannot follow."""
    rules = f"*filter\n-A FORWARD -p all -s {GONE}\n-A FORWARD\n-A FORWARD -p all\n-A FORWARD -j ACCEPT\n-A INPUT -p 0 -j ACCEPT\n-A OUTPUT -p all -j ACCEPT\nCOMMIT\n"
    return scenario([endless(FAR), udp(target=FAR), udp(), endless(HERE), own(udp(HERE, NEAR))], rules)


@edge
def redirect_that_is_rejected():
    """What OUTPUT answers to a redirect is gone before the packet goes on to FORWARD."""
    rules = "*filter\n-A OUTPUT -p icmpv6 --icmpv6-type redirect -j REJECT\n-A OUTPUT -p icmpv6 --icmpv6-type 1/5 -j ACCEPT\n-A INPUT -i lo\n-A FORWARD -j ACCEPT\nCOMMIT\n"
    return scenario([udp(target="fd00:1::7"), udp(target="fd00:1::8"), own(udp(HERE, NEAR))], rules + "*mangle\n-A POSTROUTING\nCOMMIT\n", sysctls=UNLIMITED)


@edge
def redirect_that_is_rejected_to_a_sender_of_the_link():
    rules = "*filter\n-A OUTPUT -p icmpv6 --icmpv6-type redirect -j REJECT --reject-with policy-fail\n-A FORWARD -j REJECT\nCOMMIT\n"
    return scenario([udp("fe80::9", "fd00:1::7"), udp(target="fd00:1::7")], rules, sysctls=UNLIMITED)


@edge
def routes_that_rules_give_to_a_source():
    """A packet of the host is sent by the route of the address that it would have, where nobody's address has none."""
    rules = ["priority 200 not from fd00:1::/64 lookup 100", "priority 201 from fd00:2::/64 lookup 100"]
    packets = [own(udp(s, t)) for s in (HERE, THERE, "fe80::99") for t in (NEAR, FAR, GONE, "fd00:20::1", "ff02::5")] + [udp(NEAR, GONE), back(udp(FAR, GONE))]
    return scenario(packets, EVERYWHERE, routes=["::/0 dev eth1", "blackhole fd00:20::/48 table 100", "unreachable ::/0 table 100"], ip_rules=rules, sysctls=UNLIMITED)


@edge
def redirected_groups():
    """REDIRECT takes an address of the destination's scope, where that is the interface, the link or the site."""
    groups = [f"ff{flags}{scope:x}::1:1" for flags in "01" for scope in range(16)]
    return scenario([udp(target=g, sport=4000 + n) for n, g in enumerate(groups)], "*nat\n-A PREROUTING -p udp -j REDIRECT --to-ports 8080\nCOMMIT\n" + TRACKED, sysctls=UNLIMITED, addresses=["fe80::1/64", "fd00:1::1/64", "fec0::1/64"])


@edge
def echoes_of_nobodys_address():
    return scenario([own(ping(HERE, "::")), own(ping("::1", "::")), own(udp(HERE, "::"))], EVERYWHERE, routes=["::/0 dev eth1"], sysctls=UNLIMITED)


@edge
def types_of_addresses_by_interface():
    rules = "".join(f"-A OUTPUT -m addrtype --dst-type {t}{limit}\n-A INPUT -m addrtype --dst-type {t}{limit.replace('out', 'in')}\n"
                    for t in ("LOCAL", "UNICAST", "LOCAL,UNICAST", "MULTICAST") for limit in ("", " --limit-iface-out"))
    return scenario([own(ping(t, t)) for t in ("::1", HERE, THERE, "fe80::1")] + [own(udp(HERE, NEAR))], f"*filter\n{rules}COMMIT\n")


def traffic():
    """Packets through, to and from the host by each interface, and by loopback."""
    return [ping(), udp(target=FAR), back(udp(FAR, NEAR)), back(ping(FAR, HERE)), back(ping(FAR, THERE)), udp(target="ff02::1"), own(udp(THERE, FAR)), own(udp(HERE, NEAR)),
            own(ping(HERE, HERE)), own(ping(THERE, THERE)), own(ping("::1", "::1")), own(udp("fe80::1", "ff02::5")), udp(target=GONE)]


def switched(first, late=None, **more):
    names = lambda values: {f"net.ipv6.conf.{name}.disable_ipv6": str(value) for name, value in values.items()}
    return scenario(traffic(), EVERYWHERE, sysctls=UNLIMITED | names(first), late_sysctls=names(late or {}), **more)


@edge
def off_on_an_interface():
    return switched({"eth0": 1})


@edge
def off_everywhere():
    return switched({"all": 1})


@edge
def off_for_later_interfaces():
    return switched({"default": 1})


@edge
def off_on_loopback():
    return switched({"lo": 1})


@edge
def off_and_on_again():
    return switched({"all": 1}, {"eth0": 0, "lo": 0})


@edge
def off_with_another_way():
    return switched({"eth0": 1}, routes=["::/0 dev eth1", "unreachable fd00:77::/64", f"{GONE} dev eth0"])


@edge
def off_on_loopback_with_dead_ends():
    return switched({"lo": 1}, {"lo": 0}, routes=["::/0 dev eth1", "unreachable fd00:77::/64"])


SOURCES = ("fd00:a::5", "fd00:b::5", "fd00:b:1::5", "fd00:c::5", NEAR)
TARGETS = ("2001:db1::1", "2001:db2::1", "2001:db2:1::1", "2001:db3::1", "2001:db4::1", "2001:db5::1")


@edge
def routes_for_some_sources():
    """A destination with such routes is passed over when no source fits, with its other routes, unless it is the default."""
    routes = ["::/0 from fd00:a::/32 dev eth1", "::/0 dev eth0", "2001:db2::/32 from fd00:b::/32 dev eth1", "2001:db2::/32 dev eth1 metric 10",
              "2001:db2:1::/48 dev eth0", "2001:db3::/32 from fd00:b::/32 dev eth1", "2001:db3::/32 from fd00:b:1::/48 dev eth1", "2001:db3::/32 from fd00:b:1::/48 dev eth0 metric 5",
              "unreachable 2001:db4::/32 from fd00:b::/32", "throw 2001:db4::/32 from fd00:a::/32", "2001:db5::/32 from fd00:b::7/48 via fd00:2::7", "2001:db5::/32 from default dev eth1"]
    return scenario([udp(s, t) for t in TARGETS for s in SOURCES] + [own(udp(HERE, t)) for t in TARGETS], EVERYWHERE, routes=routes, sysctls=UNLIMITED)


@edge
def routes_for_some_sources_of_the_link():
    """Only routes by the packet's own interface count there: what is passed over first is asked after all on the way back up."""
    routes = ["fe80::/10 from fd00:a::/32 dev eth1", "fe80::/10 dev eth0 metric 3", "fe80:0:0:1::/64 from fd00:a::/32 dev eth1", "fe80:0:0:1::/64 dev eth0", "::/0 dev eth1"]
    return scenario([make(s, t) for t in ("fe80::77", "fe80:0:0:1::77") for s in SOURCES for make in (udp, ping)] + [back(udp(s, "fe80:0:0:1::77")) for s in SOURCES], EVERYWHERE,
                    routes=routes, sysctls=UNLIMITED)


def segments(left, path=(FAR, HERE), source=NEAR, target=HERE, kind=4, last=None, flags=0, tail=b"", before=(), ports=(4000, 53), hop_limit=64, end=None):
    """A UDP datagram with a routing header whose list of segments is `path`, the last one first."""
    listed = b"".join(wire.address(a) for a in path) + tail
    header = bytes([0, len(listed) // 8, kind, left, len(path) - 1 if last is None else last, flags, 0, 0]) + listed
    body = wire.udp(source, end or path[0] if left else target, *ports, b"x")
    return wire.ipv6(source, target, 17, body, extensions=[*before, (43, header)], hop_limit=hop_limit)


HMAC = bytes([5, 38, 0, 0, 0, 0, 0, 7]) + bytes(32)


def routed(values, rules=EVERYWHERE, more=()):
    packets = [segments(0), segments(1), segments(1, hop_limit=1), segments(2), segments(1, (GONE, HERE)), segments(1, (THERE, HERE)), segments(1, (THERE, HERE), hop_limit=1),
               segments(2, (FAR, THERE, HERE)), segments(2, (HERE, THERE, HERE)), segments(1, ("fd00:1::7", HERE)), segments(1, ("ff02::1", HERE)), segments(1, ("fd00:1::", HERE)), segments(1, ("fd00:2::", HERE)), segments(1, tail=HMAC, flags=8),
               segments(1, tail=HMAC), segments(0, tail=HMAC, flags=8), segments(0, target=FAR), segments(1, (NEAR, HERE), target="ff02::1"), segments(3, tail=HMAC, flags=8), *more]
    return scenario(packets, rules, sysctls=UNLIMITED | values)


def seg6(*names, **more):
    return {f"net.ipv6.conf.{name}.seg6_enabled": "1" for name in names} | {f"net.ipv6.conf.{k}": str(v) for k, v in more.items()}


@edge
def segment_routing_off():
    return routed(seg6("eth0"))


@edge
def segment_routing_of_all_alone():
    return routed(seg6("all"))


@edge
def segment_routing():
    return routed(seg6("all", "eth0"))


@edge
def segment_routing_tracked():
    return routed(seg6("all", "eth0"), "*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n" + TRACKED)


@edge
def segment_routing_signed():
    return routed(seg6("all", "eth0") | {"net.ipv6.conf.eth0.seg6_require_hmac": "1"})


@edge
def segment_routing_unsigned():
    return routed(seg6("all", "eth0") | {"net.ipv6.conf.eth0.seg6_require_hmac": "-1"})


@edge
def segment_routing_without_forwarding():
    return routed(seg6("all", "eth0") | {"net.ipv6.conf.all.forwarding": "0"})


@edge
def source_routes_of_low_power():
    packets = [segments(left, kind=3, last=0) for left in (0,)]
    return scenario(packets, EVERYWHERE, sysctls=UNLIMITED | {f"net.ipv6.conf.{n}.rpl_seg_enabled": "1" for n in ("all", "eth0")})


@edge
def source_routes_of_low_power_off():
    return scenario([segments(left, kind=3, last=0) for left in (0, 1)], EVERYWHERE, sysctls=UNLIMITED | {"net.ipv6.conf.all.rpl_seg_enabled": "1"})


def remembered(values, rules):
    """Fragments of a few datagrams, of which not all may wait."""
    first, second = train(ident=1), train(ident=2)
    return scenario([first[0], second[0], first[1], second[1], second[2], first[2], udp()], rules, sysctls=UNLIMITED | values)


def memory(host, tracking):
    """Each lower bound comes before the upper one, which may not be below it."""
    return {"net.ipv6.ip6frag_low_thresh": "0", "net.netfilter.nf_conntrack_frag6_low_thresh": "0",
            "net.ipv6.ip6frag_high_thresh": str(host), "net.netfilter.nf_conntrack_frag6_high_thresh": str(tracking)}


@edge
def no_memory_for_fragments():
    return remembered(memory(0, 4194304), NOTHING)


@edge
def no_memory_for_tracked_fragments():
    return remembered(memory(4194304, 0), TRACKED)


@edge
def little_memory_for_fragments():
    return remembered(memory(1, 4194304), NOTHING)


@edge
def little_memory_for_tracked_fragments():
    return remembered(memory(4194304, 1), TRACKED)


@edge
def memory_that_is_not_asked_for():
    return remembered(memory(0, 4194304), TRACKED)
