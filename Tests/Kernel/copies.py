#!/usr/bin/env python3
"""Scenarios of what a rule asked about twice and of copies: connlimit within one tick of the kernel's clock, TEE of packets that were
put together, to the host itself, to groups, and of copies that other rules meet.

copies.py --hookwalk PATH [--only NAME,...] [--out FILE]

Asks the kernel three times and the simulator, and writes the answers to FILE (Fixtures/random/copies.jsonl). What differs is named and
left out. Needs root. To add a scenario, add a function whose name is the scenario's."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import edges
import edges6
import wire

EDGES = {}
TRACKED = "*filter\n-A FORWARD -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n"
MANGLE = "*mangle\n{}COMMIT\n"


def edge(make):
    EDGES["copies-" + make.__name__.replace("_", "-")] = make
    return make


def visits(limit, count=3):
    """One rule that a packet meets several times, each time when it did not match before."""
    return MANGLE.format(":x - [0:0]\n" + "-A PREROUTING -j x\n" * count + f"-A x -m connlimit --connlimit-above {limit} --connlimit-mask 0 -j ACCEPT\n")


def one_tick(limit):
    near, far = edges.NEAR, edges.FAR
    return edges.scenario([edges.udp(source=near, target=far, sport=port) for port in (4000, 4000, 4001, 4001, 4002)], visits(limit))


for number in (1, 2, 3, 4, 5, 6, 8, 9):
    EDGES[f"copies-connlimit-in-a-tick-{number}"] = lambda number=number: one_tick(number)


@edge
def connlimit_meets_the_copy():
    rules = MANGLE.format(":x - [0:0]\n-A PREROUTING -i eth0 -j TEE --gateway 10.1.0.9\n-A PREROUTING -j x\n-A OUTPUT -j x\n"
                          "-A x -m connlimit --connlimit-above 1 --connlimit-mask 0 -j MARK --set-mark 1\n"
                          "-A x -m connlimit --connlimit-above 2 --connlimit-mask 0 -j MARK --set-mark 2\n")
    return edges.scenario([edges.udp(target=edges.FAR, sport=port) for port in (4000, 4000, 4001)], rules + TRACKED)


def parts(target, ident=7, **more):
    """A datagram of 72 bytes in three fragments."""
    body = wire.udp(edges.NEAR, target, 4000, 53, b"x" * 64)
    return [wire.ipv4(edges.NEAR, target, 17, body[at:at + 24], ident=ident, mf=at < 48, offset=at, **more) for at in (0, 24, 48)]


@edge
def of_a_datagram_in_parts():
    return edges.scenario(parts(edges.FAR) + parts(edges.FAR, 8, df=True), MANGLE.format("-A PREROUTING -j TEE --gateway 10.1.0.9\n") + TRACKED)


@edge
def of_a_datagram_in_parts_for_the_host():
    return edges.scenario(parts(edges.HERE), MANGLE.format("-A INPUT -j TEE --gateway 10.1.0.9\n-A POSTROUTING -j TOS --xor-tos 0x04\n") + TRACKED)


@edge
def of_a_datagram_in_parts_of_ipv6():
    return edges6.scenario(edges6.train(target=edges6.FAR), MANGLE.format("-A PREROUTING -j TEE --gateway fd00:2::7\n-A OUTPUT -j TOS --xor-tos 0x03\n") + edges6.TRACKED)


@edge
def of_parts_to_the_host_itself_of_ipv6():
    return edges6.scenario(edges6.train(target=edges6.FAR), MANGLE.format("-A PREROUTING -i eth0 -j TEE --gateway fd00:2::1\n") + edges6.TRACKED, stack=None)


@edge
def that_a_rule_rejects():
    return edges.scenario([edges.udp(target=edges.FAR), edges.tcp("S", 5, there=edges.FAR)],
                          MANGLE.format("-A PREROUTING -i eth0 -j TEE --gateway 10.1.0.9\n-A FORWARD -j TOS --set-tos 8\n")
                          + "*filter\n-A OUTPUT ! -p icmp -m tos --tos 0/8 -j REJECT\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n")


@edge
def that_a_rule_rejects_of_ipv6():
    return edges6.scenario([edges6.udp(target=edges6.FAR), edges6.tcp(target=edges6.FAR)],
                           MANGLE.format("-A PREROUTING -i eth0 -j TEE --gateway fd00:2::7\n")
                           + "*filter\n-A OUTPUT -p udp -j REJECT\n-A OUTPUT -p tcp -s fd00:1::2 -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT\nCOMMIT\n", stack=None)


@edge
def to_the_host_and_an_error():
    return edges6.scenario([edges6.udp(target=edges6.FAR, hop_limit=1), edges6.udp(target=edges6.FAR, hop_limit=2)],
                           "*raw\n-A PREROUTING -i eth0 -j TEE --gateway fd00:1::1\nCOMMIT\n" + edges6.TRACKED, stack=None)


@edge
def to_the_host_and_an_error_of_ipv4():
    return edges.scenario([wire.ipv4(edges.NEAR, edges.FAR, wire.UDP, wire.udp(edges.NEAR, edges.FAR, 4000, 53, b"x"), ttl=t, ident=1) for t in (1, 2)],
                          "*raw\n-A PREROUTING -i eth0 -j TEE --gateway 10.0.0.1\nCOMMIT\n" + TRACKED)


def to_a_group(chain, more=""):
    return edges6.scenario([edges6.udp(target="ff02::1"), edges6.udp(target="ff02::99")],
                           MANGLE.format(f"-A {chain} -i eth0 -j TEE --gateway fd00:2::7\n{more}") + edges6.TRACKED, stack=None)


@edge
def to_a_group_and_a_gateway():
    return to_a_group("INPUT")


@edge
def to_a_group_before_routing():
    return to_a_group("PREROUTING", "-A POSTROUTING -o eth1 -j MARK --set-mark 3\n-A PREROUTING -i eth1 -j MARK --set-mark 4\n")


@edge
def of_ones_own_packets():
    return edges.scenario([edges.own(edges.udp(source=edges.HERE, target=edges.NEAR)), edges.own(edges.udp(source=edges.HERE, target=edges.HERE))],
                          MANGLE.format("-A OUTPUT -j TEE --gateway 10.0.0.1\n-A INPUT -j TEE --gateway 10.1.0.9\n") + TRACKED)


if __name__ == "__main__":
    edges.main(EDGES, "copies", __doc__)
