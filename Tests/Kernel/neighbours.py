#!/usr/bin/env python3
"""Scenarios on Ethernet, where a packet leaves only when neighbour discovery finds its next hop.

neighbours.py --hookwalk PATH [--only NAME,...] [--out FILE]

Asks the kernel three times and the simulator, and writes the answers to FILE (Fixtures/random/neighbours.jsonl). What differs is
named and left out. Needs root. link.py has the devices and the neighbours. To add a scenario, add a function with its name.

neighbours.py --hookwalk PATH --random COUNT [--seed N]

Puts random scenarios of IPv6 (generate.py) on Ethernet instead, and names those about which the two differ; nothing is written."""
import argparse
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import edges
import generate
import link
import report
import wire

HERE, NEAR, NEAR2, GONE = "2001:db8:1::1", "2001:db8:1::9", "2001:db8:1::a", "2001:db8:1::dead"
FAR, FAR_GONE = "2001:db8:2::9", "2001:db8:2::dead"
MAC, NEAR_MAC = "02:00:00:00:10:01", bytes.fromhex("020000000009")
NOBODY = [f"{GONE} dev eth0 none", f"{FAR_GONE} dev eth1 none"]
CASES = {}

# Each table counts, and shows what it sees.
TYPES = "".join(f"-A {chain} -p ipv6-icmp --icmpv6-type {t}\n" for chain in ("INPUT", "OUTPUT") for t in (133, 134, 135, 136, 1))
STATES = "".join(f"-A {chain} -m conntrack --ctstate {state}\n" for chain in ("INPUT", "FORWARD", "OUTPUT")
                 for state in ("INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"))
EVERYWHERE = ("*raw\n-A PREROUTING\n-A OUTPUT\nCOMMIT\n*mangle\n-A INPUT\n-A POSTROUTING -o eth0\n-A POSTROUTING -o eth1\nCOMMIT\n"
              f"*filter\n{TYPES}{STATES}COMMIT\n")


def case(make):
    CASES[make.__name__.replace("_", "-")] = make
    return make


def scenario(packets, rules6=EVERYWHERE, **more):
    """A router between two Ethernets."""
    interfaces = [{"name": "eth0", "mac": MAC, "addrs": ["2001:db8:1::1/64", "fe80::1/64", "10.0.0.1/24"]},
                  {"name": "eth1", "mac": "02:00:00:00:20:01", "addrs": ["2001:db8:2::1/64", "fe80::2/64", "10.1.0.1/24"]}]
    # Errors quote packets of the host, flow labels and all.
    sysctls = {"net.ipv6.conf.all.forwarding": "1", "net.ipv4.ip_forward": "1", "net.ipv6.auto_flowlabels": "0"} | more.pop("sysctls", {})
    steps = [{"in": "eth0", "hex": p.hex()} if isinstance(p, bytes) else p for p in packets]
    return dict({"interfaces": interfaces, "sysctls": sysctls, "rules6": rules6, "neighbours": NOBODY, "packets": steps}, **more)


def filtered(*rules):
    return "*filter\n" + "".join(f"-A {r}\n" for r in rules) + TYPES + "COMMIT\n"


def own(packet):
    """A packet that the host sends."""
    return {"local": True, "hex": packet.hex()}


def came(packet, on="eth0"):
    """A packet that comes in."""
    return {"in": on, "hex": packet.hex()}


def udp(source=NEAR, target=FAR, dport=53, data=b"x", **more):
    return wire.ipv6(source, target, wire.UDP, wire.udp(source, target, 4000, dport, data), **more)


def tcp(source=NEAR, target=FAR, flags="S", **more):
    return wire.ipv6(source, target, wire.TCP, wire.tcp(source, target, 4000, 80, flags, 999), **more)


def ping(source=NEAR, target=HERE, **more):
    return wire.ipv6(source, target, wire.ICMPV6, wire.icmpv6(source, target, 128, 0, b"\0\7\0\1", b"ping"), **more)


@case
def own_packet_to_a_neighbour():
    return scenario([own(udp(HERE, NEAR)), own(udp(HERE, NEAR)), own(udp(HERE, NEAR2)), own(tcp(HERE, NEAR))])


@case
def forwarded_to_a_neighbour():
    return scenario([udp(), udp(), tcp(NEAR, "2001:db8:2::a"), udp(NEAR, "2001:db8:2::b", hop_limit=2), udp(hop_limit=1)])


@case
def own_packet_to_nobody():
    return scenario([own(udp(HERE, GONE)), own(tcp(HERE, GONE)), own(udp(HERE, NEAR))])


@case
def forwarded_to_nobody():
    return scenario([udp(target=FAR_GONE), tcp(target=FAR_GONE), udp()])


@case
def forwarded_to_nobody_for_nobody():
    """The error finds nobody either, and nothing is said about errors."""
    return scenario([udp(GONE, FAR_GONE)])


@case
def through_a_gateway():
    return scenario([udp(target="2001:db8:9::1"), udp(target="2001:db8:9::2"), own(udp(HERE, "2001:db8:a::1")), udp(target="2001:db8:a::1")],
                    routes=["2001:db8:9::/48 via fe80::99 dev eth1", "2001:db8:a::/48 via 2001:db8:1::fe"])


@case
def through_a_gateway_that_is_not_there():
    return scenario([udp(target="2001:db8:9::1"), own(udp("2001:db8:2::1", "2001:db8:9::1"))],
                    routes=["2001:db8:9::/48 via fe80::99 dev eth1"], neighbours=["fe80::99 dev eth1 none"])


@case
def solicitations_dropped():
    return scenario([own(udp(HERE, NEAR)), udp(), ping()], filtered("OUTPUT -p icmpv6 --icmpv6-type 135 -j DROP"), stack="answers")


@case
def advertisements_dropped():
    return scenario([own(udp(HERE, NEAR)), udp()], filtered("INPUT -p icmpv6 --icmpv6-type 136 -j DROP"))


@case
def advertisements_dropped_in_raw():
    return scenario([own(udp(HERE, NEAR)), udp()], "*raw\n-A PREROUTING -p icmpv6 --icmpv6-type 136 -j DROP\nCOMMIT\n" + filtered())


@case
def advertisements_rejected():
    return scenario([own(udp(HERE, NEAR)), udp()], filtered("INPUT -p icmpv6 --icmpv6-type 136 -j REJECT"),
                    sysctls={"net.ipv6.icmp.ratelimit": "0"})


@case
def solicitations_rejected():
    return scenario([own(udp(HERE, NEAR)), udp()], filtered("OUTPUT -p icmpv6 --icmpv6-type 135 -j REJECT"))


@case
def all_of_icmpv6_dropped():
    return scenario([own(udp(HERE, NEAR)), udp(), ping()], filtered("INPUT -p icmpv6 -j DROP"), stack="answers")


@case
def policy_drop_with_discovery_allowed():
    rules = "*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT DROP\n" + "".join(f"-A {c} -p icmpv6 -m icmp6 --icmpv6-type {t} -m hl --hl-eq 255 -j ACCEPT\n" for c in ("INPUT", "OUTPUT") for t in (135, 136)) \
        + "-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT\n-A OUTPUT -p udp -j ACCEPT\nCOMMIT\n"
    return scenario([own(udp(HERE, NEAR)), udp(), udp(NEAR2, FAR_GONE)], rules)


@case
def policy_drop_without_discovery():
    rules = "*filter\n:INPUT DROP\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\nCOMMIT\n"
    return scenario([own(udp(HERE, NEAR)), udp()], rules)


@case
def discovery_is_untracked():
    rules = "*filter\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -m conntrack --ctstate UNTRACKED -j ACCEPT\n-A INPUT -p icmpv6 -j DROP\nCOMMIT\n"
    return scenario([own(udp(HERE, NEAR)), udp(), link.solicitation(NEAR2, HERE, NEAR_MAC)], rules)


@case
def the_second_answer_is_let_in():
    return scenario([own(udp(HERE, NEAR))], filtered("INPUT -p icmpv6 --icmpv6-type 136 -m statistic --mode nth --every 2 --packet 0 -j DROP"))


@case
def the_third_question_is_let_out():
    return scenario([udp(), udp()], filtered("OUTPUT -p icmpv6 --icmpv6-type 135 -m statistic --mode nth --every 3 --packet 2 -j ACCEPT", "OUTPUT -p icmpv6 --icmpv6-type 135 -j DROP"))


@case
def a_rejected_answer_waits_for_the_second():
    """REJECT's answer waits for the same neighbour, and leaves behind the packet when that is found."""
    return scenario([own(udp(HERE, NEAR)), udp()], filtered("INPUT -p icmpv6 --icmpv6-type 136 -m statistic --mode nth --every 2 --packet 0 -j REJECT"))


@case
def questions_to_the_host():
    ns = lambda source, mac=NEAR_MAC, **more: link.solicitation(source, HERE, mac, **more)
    return scenario([ns(NEAR), ns(NEAR2, destination=HERE), ns("2001:db8:1::b", None), ns("2001:db8:1::c", None, destination=HERE), own(udp(HERE, NEAR)),
                     ns("::", None), ns("2001:db8:1::d", hop_limit=254), ns("2001:db8:1::d", code=1), ns("::"), ns("fe80::9"), own(udp("2001:db8:1::1", NEAR2)),
                     link.solicitation("fe80::a", "fe80::1", NEAR_MAC), link.solicitation("fe80::a", "2001:db8:2::1", NEAR_MAC), link.solicitation("fe80::a", "2001:db8:1::77", NEAR_MAC, destination=HERE),
                     ns("::", None, destination=HERE), ns("::", None, destination="ff02::1"), ns("2001:db8:1::e", destination="ff02::1")], stack="answers")


@case
def questions_to_a_silent_host():
    ns = lambda source, mac=NEAR_MAC, **more: link.solicitation(source, HERE, mac, **more)
    return scenario([ns(NEAR), ns(GONE, None, destination=HERE), ping(), own(udp(HERE, NEAR))])


@case
def questions_that_are_malformed():
    target = HERE
    ns = lambda options, **more: link.discovery(NEAR, HERE, 135, target, options, **more)
    whole = link.solicitation(NEAR, HERE, NEAR_MAC)
    bad = whole[:42] + bytes([whole[42] ^ 1]) + whole[43:]
    cut = [wire.ipv6(NEAR, HERE, wire.ICMPV6, wire.icmpv6(NEAR, HERE, 135, 0, b"\0\0\0\0", (b"\x20\1\x0d\xb8" * 4)[:n]), hop_limit=255) for n in (0, 8, 15)]
    return scenario([bad] + cut + [ns(b"\1\0" + NEAR_MAC), ns(b"\1\1" + NEAR_MAC + b"\0"), ns(b"\1\2" + NEAR_MAC + bytes(8)), ns(b"\x63\1" + bytes(6) + b"\1\1" + NEAR_MAC),
                                   ns(b"\1\1" + NEAR_MAC + b"\1\2" + bytes(14)), link.discovery(NEAR, HERE, 135, "ff02::1", b"")], stack="answers")


@case
def questions_for_an_anycast_address():
    network = "2001:db8:1::"
    return scenario([link.solicitation(NEAR, network, NEAR_MAC), link.solicitation(NEAR, network, NEAR_MAC, destination=network), link.solicitation("::", network)], stack="answers")


@case
def questions_for_an_anycast_address_of_a_host():
    return scenario([link.solicitation(NEAR, "2001:db8:1::", NEAR_MAC), link.solicitation(NEAR, HERE, NEAR_MAC)], stack="answers", sysctls={"net.ipv6.conf.all.forwarding": "0"})


@case
def answers_dropped():
    return scenario([link.solicitation(NEAR, HERE, NEAR_MAC), link.solicitation("::", HERE)], filtered("OUTPUT -p icmpv6 --icmpv6-type 136 -j DROP"), stack="answers")


@case
def advertisements_nobody_asked_for():
    na = lambda target, mac=NEAR_MAC, flags=0x20000000, to="ff02::1": link.advertisement(target, to, target, mac, flags)
    return scenario([na(NEAR), own(udp(HERE, NEAR)), na(NEAR2, flags=0x60000000, to=HERE), own(udp(HERE, NEAR2)), na(HERE), na(NEAR, flags=0x60000000)])


@case
def advertisements_taken_unasked():
    na = lambda target, mac=NEAR_MAC: link.advertisement(target, "ff02::1", target, mac, 0x20000000)
    return scenario([na(NEAR), own(udp(HERE, NEAR)), na(NEAR2, None), own(udp(HERE, NEAR2)), came(na(FAR), on="eth1"), udp()],
                    sysctls={"net.ipv6.conf.eth0.accept_untracked_na": "1"})


@case
def advertisements_taken_unasked_from_the_same_network():
    na = lambda source, target: link.advertisement(source, "ff02::1", target, NEAR_MAC, 0x20000000)
    return scenario([na(NEAR, NEAR), own(udp(HERE, NEAR)), na("2001:db8:7::1", NEAR2), own(udp(HERE, NEAR2))], sysctls={"net.ipv6.conf.eth0.accept_untracked_na": "2"})


@case
def routers_are_known_by_their_messages():
    rs = link.discovery("fe80::9", "ff02::2", 133, None, b"\1\1" + NEAR_MAC)
    ra = lambda source, options=b"\1\1" + NEAR_MAC: wire.ipv6(source, "ff02::1", wire.ICMPV6, wire.icmpv6(source, "ff02::1", 134, 0, b"\x40\0\0\0", bytes(8) + options), hop_limit=255)
    return scenario([rs, own(udp(HERE, "2001:db8:9::1")), ra("fe80::a"), own(udp(HERE, "2001:db8:a::1")), ra("fe80::b", b""), own(udp(HERE, "2001:db8:b::1")), ra(NEAR), own(udp(HERE, NEAR))],
                    routes=[f"2001:db8:{n}::/48 via fe80::{n} dev eth0" for n in ("9", "a", "b")])


@case
def a_host_does_not_hear_router_solicitations():
    rs = link.discovery("fe80::9", HERE, 133, None, b"\1\1" + NEAR_MAC)
    return scenario([rs, own(udp(HERE, "2001:db8:9::1"))], routes=["2001:db8:9::/48 via fe80::9 dev eth0"], sysctls={"net.ipv6.conf.all.forwarding": "0"})


@case
def no_link_local_address():
    interfaces = [{"name": "eth0", "mac": MAC, "addrs": ["2001:db8:1::1/64"]}, {"name": "eth1", "mac": "02:00:00:00:20:01", "addrs": ["2001:db8:2::1/64"]}]
    return scenario([own(udp(HERE, NEAR)), udp(), own(udp("2001:db8:2::1", FAR))], interfaces=interfaces)


@case
def several_link_local_addresses():
    interfaces = [{"name": "eth0", "mac": MAC, "addrs": ["2001:db8:1::1/64"]}, {"name": "eth1", "mac": "02:00:00:00:20:01", "addrs": ["fe80::7/64", "fe80::2/64", "2001:db8:2::1/64", "fe80::1:2/64"]}]
    return scenario([udp(), own(udp(HERE, "2001:db8:2::b")), own(udp("fe80::1:2", "2001:db8:2::c"))], interfaces=interfaces)


@case
def permanent_neighbours():
    return scenario([own(udp(HERE, NEAR)), udp(), link.solicitation(NEAR, HERE, None)], neighbours=[f"{NEAR} dev eth0 lladdr 02:00:00:00:00:09", f"{FAR} dev eth1 lladdr 02:00:00:00:00:0a nud permanent"])


@case
def the_host_answers():
    return scenario([ping(), tcp(target=HERE), udp(target=HERE), ping(NEAR2), ping(GONE), udp(GONE, HERE)], stack="answers")


@case
def rejected_packets():
    rules = filtered("FORWARD -p udp -j REJECT", "FORWARD -p tcp -j REJECT --reject-with tcp-reset", "INPUT -p udp -j REJECT")
    return scenario([udp(), tcp(), udp(NEAR2, HERE), tcp(GONE)], rules)


@case
def multicasts_need_nobody():
    return scenario([own(udp(HERE, "ff02::1")), own(udp("fe80::1", "ff02::fb")), own(udp(HERE, "ff05::1:3"))])


@case
def fragments_wait_together():
    rules = "*filter\n" + TYPES + "-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n"
    whole = wire.udp(NEAR, FAR, 4000, 53, b"x" * 2000)
    return scenario([wire.ipv6(NEAR, FAR, 44, struct.pack(">BBHI", 17, 0, a | more, 7) + whole[a:b]) for a, b, more in ((0, 1232, 1), (1232, len(whole), 0))], rules)


@case
def fragmented_questions():
    def pieces(source):
        message = link.solicitation(source, HERE, NEAR_MAC, destination=HERE)[40:]
        return [wire.ipv6(source, HERE, 44, struct.pack(">BBHI", 58, 0, a | more, 7) + message[a:b], hop_limit=255) for a, b, more in ((0, 16, 1), (16, len(message), 0))]
    atomic = wire.ipv6(NEAR2, HERE, 44, struct.pack(">BBHI", 58, 0, 0, 9) + link.solicitation(NEAR2, HERE, NEAR_MAC, destination=HERE)[40:], hop_limit=255)
    return scenario(pieces(NEAR) + [atomic], "*filter\n" + TYPES + "COMMIT\n*mangle\nCOMMIT\n", stack="answers")


@case
def fragmented_questions_and_tracking():
    made = fragmented_questions()
    return dict(made, rules6="*filter\n-A INPUT -m conntrack --ctstate UNTRACKED\nCOMMIT\n")


@case
def questions_behind_extension_headers():
    inner = link.solicitation(NEAR, HERE, NEAR_MAC, destination=HERE)
    wrap = lambda number, header: wire.ipv6(NEAR, HERE, wire.ICMPV6, inner[40:], hop_limit=255, extensions=[(number, header)])
    return scenario([wrap(60, b"\0\0\1\4\0\0\0\0"), wrap(0, b"\0\0\1\4\0\0\0\0"), wrap(43, b"\0\0\0\0\0\0\0\0")], stack="answers")


@case
def changed_questions():
    """A solicitation whose hop limit a rule changed is answered by nobody; one with another traffic class is."""
    return scenario([own(udp(HERE, NEAR)), udp()], "*mangle\n-A POSTROUTING -o eth0 -p icmpv6 --icmpv6-type 135 -j HL --hl-set 64\n-A OUTPUT -o eth1 -p icmpv6 --icmpv6-type 135 -j DSCP --set-dscp 46\nCOMMIT\n" + filtered())


@case
def settings_of_discovery():
    return scenario([own(udp(HERE, GONE)), link.solicitation(NEAR, HERE, NEAR_MAC, destination=HERE), udp(target=FAR_GONE)],
                    sysctls={"net.ipv6.neigh.eth0.mcast_solicit": "1", "net.ipv6.neigh.eth1.mcast_solicit": "0", "net.ipv6.conf.eth0.force_tllao": "1", "net.ipv6.conf.eth0.ndisc_tclass": "32"})


@case
def routed_by_mark():
    """A rule that marks solicitations sends them where marked packets go."""
    return scenario([own(udp(HERE, NEAR)), udp()], "*mangle\n-A OUTPUT -o eth0 -p icmpv6 --icmpv6-type 135 -j MARK --set-mark 5\nCOMMIT\n" + filtered(),
                    routes=["default dev eth1 table 100"], ip_rules=["from ::/0 fwmark 5 table 100"])


@case
def translated_to_a_neighbour():
    rules = "*nat\n-A OUTPUT -d 2001:db8:7::1 -j DNAT --to-destination 2001:db8:1::9\n-A PREROUTING -d 2001:db8:7::2 -j DNAT --to-destination 2001:db8:2::9\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n" + filtered()
    return scenario([own(udp(HERE, "2001:db8:7::1")), udp(target="2001:db8:7::2"), own(udp(HERE, "2001:db8:2::b"))], rules, routes=["2001:db8:7::/48 via 2001:db8:2::fe"])


@case
def both_families():
    v4 = wire.ipv4("10.0.0.9", "10.1.0.9", 17, wire.udp("10.0.0.9", "10.1.0.9", 4000, 53, b"x"), ident=1)
    own4 = wire.ipv4("10.0.0.1", "10.0.0.9", 17, wire.udp("10.0.0.1", "10.0.0.9", 4000, 53, b"x"), ident=1)
    return scenario([v4, own(own4), udp()], rules="*filter\n-A FORWARD -m mac --mac-source 02:00:0a:00:00:09\n-A FORWARD -m pkttype --pkt-type unicast\nCOMMIT\n")


@case
def silence_on_the_way_back():
    """The error goes to the neighbour that does not answer: it is not kept, and the host asks on in its own name."""
    return scenario([udp(NEAR, "2001:db8:9::1"), udp("2001:db8:9::2", "2001:db8:9::1"), udp("2001:db8:9::2", FAR)], neighbours=["fe80::99 dev eth0 none"],
                    routes=["2001:db8:9::/48 via fe80::99 dev eth0"])


@case
def neighbours_of_the_same_group():
    """The host's own address and the neighbour's have one solicited-node group, and the question does not come back."""
    return scenario([own(udp(HERE, "2001:db8:1:0:1::1")), own(udp("fe80::1", "ff02::1:ff00:1"))])


@case
def frames():
    rules = filtered("INPUT -m pkttype --pkt-type multicast", "INPUT -m pkttype --pkt-type unicast", "INPUT -m mac --mac-source 02:00:00:00:00:09", "FORWARD -m mac --mac-source 02:00:00:00:00:09",
                     "OUTPUT -m owner --uid-owner 0", "OUTPUT -m owner --socket-exists", "OUTPUT -m owner ! --socket-exists", "OUTPUT -m hl --hl-eq 255")
    return scenario([own(udp(HERE, NEAR)), link.solicitation(NEAR, HERE, NEAR_MAC), udp(target="ff02::1"), udp()], rules)


@case
def a_tunnel_beside():
    interfaces = [{"name": "eth0", "mac": MAC, "addrs": ["2001:db8:1::1/64", "fe80::1/64"]}, {"name": "tun0", "addrs": ["2001:db8:2::1/64", "fe80::2/64"]}]
    return scenario([udp(), came(udp(FAR, NEAR), on="tun0"), came(udp(FAR, GONE), on="tun0"), came(link.solicitation(FAR, "2001:db8:2::1", NEAR_MAC, destination="2001:db8:2::1"), on="tun0"),
                     came(link.solicitation(FAR, "2001:db8:2::1", None, destination="2001:db8:2::1"), on="tun0")],
                    interfaces=interfaces, neighbours=NOBODY[:1], stack="answers")


@case
def rules_loaded_for_one_address():
    return scenario([own(udp(HERE, NEAR)), own(udp(HERE, NEAR2))], filtered(f"INPUT -s {NEAR} -j DROP"))


@case
def hairpin():
    """The redirect names the router's Ethernet address when the host knows that, and tells the one that was learned last."""
    other = bytes.fromhex("020000000077")
    override, keep = 0x20000000, 0
    na = lambda flags, mac: link.advertisement("fe80::99", "ff02::1", "fe80::99", mac, flags)
    return scenario([udp(NEAR, "2001:db8:9::1"), udp(NEAR, "2001:db8:9::2"), na(keep, other), {"wait": 1.1}, udp(NEAR2, "2001:db8:9::3"), na(override, other), udp("2001:db8:1::b", "2001:db8:9::4")],
                    routes=["2001:db8:9::/48 via fe80::99 dev eth0"])


def on_ethernet(seed):
    """A random scenario whose interfaces are Ethernet, some of whose neighbours are not there."""
    made, chance = generate.scenario(seed, family=6), random.Random(seed)
    gone = []
    for number, interface in enumerate(i for i in made["interfaces"] if i["name"] != "lo"):
        interface["mac"] = f"02:00:00:00:{number:02x}:fe"
        if not any(a.startswith("fe80") for a in interface["addrs"]) and chance.random() < 0.8:
            interface["addrs"] = interface["addrs"] + [f"fe80::{number + 1:x}/64"]
        for step in made["packets"]:
            if "hex" in step and step["hex"][0] == "6" and len(step["hex"]) >= 80 and chance.random() < 0.15:
                address = wire.text(bytes.fromhex(step["hex"])[24:40])
                if not address.startswith("ff") and address != "::":
                    gone.append(f"{address} dev {interface['name']} none")
    return dict(made, neighbours=sorted(set(gone)), sysctls=made.get("sysctls", {}) | {"net.ipv6.auto_flowlabels": "0", "net.ipv6.icmp.ratelimit": "0"})


def compare_random(command, first, count):
    """Prints what differs: 0 if nothing does."""
    asked = (on_ethernet(seed) for seed in range(first, first + count))
    total, found = 0, []
    for case, _, differences in cases.compared(cases.answered(asked), command):
        total += 1
        if differences:
            found.append((case, differences))
    found = [(c, d) for c, d in found if not next(cases.stable([c]))[1]]
    for case, differences in found:
        print(f"{cases.name(case)}: {report.readable(' '.join(differences[0]))[:700]}")
    print(f"{total} scenarios, {len(found)} differ")
    return len(found) > 0


if __name__ == "__main__":
    if "--random" in sys.argv:
        p = argparse.ArgumentParser()
        p.add_argument("--hookwalk", required=True)
        p.add_argument("--random", type=int, required=True)
        p.add_argument("--seed", type=int, default=1)
        a = p.parse_args()
        sys.exit(compare_random(a.hookwalk, a.seed, a.random))
    edges.main(CASES, "neighbours", __doc__)
