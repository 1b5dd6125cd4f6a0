#!/usr/bin/env python3
"""Scenarios at the edges, which chance hardly meets: windows exact to the byte, checksums of zero, headers cut off at each length.

edges.py --hookwalk PATH [--family 6] [--only NAME,...] [--out FILE]

Asks the kernel three times and the simulator, and writes the answers to FILE (Fixtures/random/edges.jsonl). What differs is named and
left out. Needs root. To add an edge, add a function whose name is the scenario's."""
import argparse
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import compact
import edges6
import wire

HERE, NEAR, FAR = "10.0.0.1", "10.0.0.2", "10.1.0.2"
STATES = "".join(f"-A {chain} -m conntrack --ctstate {state} -j ACCEPT\n" for chain in ("INPUT", "FORWARD", "OUTPUT")
                 for state in ("INVALID", "NEW", "ESTABLISHED", "RELATED"))
EDGES = {}


def edge(make):
    EDGES[make.__name__.replace("_", "-")] = make
    return make


def scenario(packets, rules="*filter\n" + STATES + "COMMIT\n", **more):
    """Two networks and a router between them; packets are steps, or bytes that come in on eth0."""
    interfaces = [{"name": "eth0", "addrs": ["10.0.0.1/24"]}, {"name": "eth1", "addrs": ["10.1.0.1/24"]}]
    steps = [{"in": "eth0", "hex": p.hex()} if isinstance(p, bytes) else p for p in packets]
    sysctls = {"net.ipv4.ip_forward": "1"} | more.pop("sysctls", {})
    return dict({"interfaces": interfaces, "sysctls": sysctls, "rules": rules, "packets": steps}, **more)


def back(packet):
    """A packet that comes in from the far side."""
    return {"in": "eth1", "hex": packet.hex()}


def own(packet, mark=0):
    """A packet that the host sends."""
    return {"local": True, "hex": packet.hex()} | ({"mark": mark} if mark else {})


def tcp(flags, seq, ack=0, reply=False, port=4000, there=HERE, **more):
    """A segment between NEAR and the host (or FAR)."""
    a, b, x, y = (there, NEAR, 80, port) if reply else (NEAR, there, port, 80)
    return wire.ipv4(a, b, wire.TCP, wire.tcp(a, b, x, y, flags, seq, ack, **more), ident=1)


def udp(data=b"x", source=NEAR, target=HERE, sport=4000, dport=53, proto=wire.UDP, **more):
    return wire.ipv4(source, target, proto, wire.udp(source, target, sport, dport, data, proto=proto, **more), ident=1)


def opened(window=64240, far_window=64240, options=b"", far_options=b"", port=4000):
    """A connection through the router, opened: sequence numbers 1000 and 5000 are used up."""
    return [tcp("S", 999, port=port, there=FAR, window=window, options=options),
            back(tcp("SA", 4999, 1000, True, port, FAR, window=far_window, options=far_options)),
            tcp("A", 1000, 5000, port=port, there=FAR, window=window)]


@edge
def fragment_option():
    whole = wire.udp(NEAR, FAR, 4000, 53, b"x" * 64)
    parts = [wire.ipv4(NEAR, FAR, 17, whole[:24], ident=7, mf=True), wire.ipv4(NEAR, FAR, 17, whole[24:48], ident=7, mf=True, offset=24),
             wire.ipv4(NEAR, FAR, 17, whole[48:], ident=7, offset=48), wire.ipv4(NEAR, FAR, 17, whole, ident=8)]
    return scenario(parts, "*filter\n-A FORWARD -f\n-A FORWARD ! -f\n-A FORWARD -f -p udp -j DROP\n-A FORWARD ! -f -p udp -j ACCEPT\nCOMMIT\n")


def old_acks(distances):
    """Acknowledgements so far behind what the other end sent, each with data that is known or not afterwards."""
    packets = opened()
    end = 5000
    # what lies between need not be seen
    for _ in range(3):
        end += 30000
        packets.append(back(tcp("A", end - 1, 1000, True, there=FAR, data=b"y")))
        packets.append(tcp("A", 1000, end, there=FAR))
    seq = 1000
    for distance in distances:
        packets.append(tcp("A", seq, end - distance, there=FAR, data=b"z" * 10))
        packets.append(back(tcp("A", end, seq + 10, True, there=FAR)))
        packets.append(tcp("A", seq, end, there=FAR, data=b"z" * 10))
        packets.append(back(tcp("A", end, seq + 10, True, there=FAR)))
        seq += 10
    return scenario(packets)


@edge
def fragments_after_their_time():
    """`ipfrag_time` 1: what comes after it begins anew, what comes before it completes the datagram."""
    whole = udp(b"y" * 40)
    def part(ident, at, more):
        return wire.ipv4(NEAR, HERE, wire.UDP, whole[20:][at:at + 24 if more else None], ident=ident, offset=at, mf=more)
    # The first fragment comes last: without it the host says nothing when the time is over.
    return scenario([part(7, 24, False), part(7, 0, True), part(8, 24, False), {"wait": 2.2}, part(8, 0, True), part(8, 24, False)],
                    sysctls={"net.ipv4.ipfrag_time": "1"})


@edge
def tcp_old_ack_just_in():
    return old_acks([65535])


@edge
def tcp_old_ack_at_the_edge():
    return old_acks([66000])


@edge
def tcp_old_ack_just_out():
    return old_acks([66001])


@edge
def tcp_old_ack_far_out():
    return old_acks([66002])


def window_edges(offsets, make):
    packets = []
    for n, offset in enumerate(offsets):
        packets += make(offset, 4000 + n)
    return scenario(packets)


@edge
def tcp_highest_sequence():
    # the far end allows 1000 bytes from 1000 on
    return window_edges([998, 999, 1000, 1001, 1002], lambda o, p: opened(far_window=1000, port=p) + [
        tcp("A", 1000 + o, 5000, port=p, there=FAR), back(tcp("A", 5000, 1000, True, p, FAR, window=1000)), tcp("A", 1000 + o, 5000, port=p, there=FAR, data=b"x")])


@edge
def tcp_end_above_the_window():
    return window_edges([999, 1000, 1001, 1002], lambda o, p: opened(far_window=1000, port=p) + [
        tcp("A", 1000, 5000, port=p, there=FAR, data=b"x" * o), back(tcp("A", 5000, 1000 + o, True, p, FAR, window=1000))])


@edge
def tcp_overshot():
    return window_edges([997, 998, 999, 1000, 1001], lambda o, p: opened(far_window=1000, port=p) + [
        tcp("A", 2001, 5000, port=p, there=FAR, data=b"x" * o), back(tcp("A", 5000, 2001 + o, True, p, FAR, window=1000))])


@edge
def tcp_lowest_end():
    # what is accepted opens the window for the far end
    return window_edges([999, 1000, 1001, 1002], lambda o, p: opened(window=1000, far_window=1000, port=p) + [
        tcp("A", 1000, 5000, port=p, there=FAR, window=1000, data=b"x" * 900), back(tcp("A", 5000, 1900, True, p, FAR, window=1000)),
        tcp("A", 1900 - o, 5000, port=p, there=FAR, window=5000), back(tcp("FA", 8000, 1900, True, p, FAR, window=1000))])


@edge
def tcp_highest_ack():
    return window_edges([-1, 0, 1, 2], lambda o, p: opened(port=p) + [
        back(tcp("A", 5000, 1000, True, p, FAR, data=b"y" * 100)), tcp("A", 1000, 5100 + o, port=p, there=FAR, data=b"x"),
        back(tcp("A", 5100, 1001, True, p, FAR))])


@edge
def tcp_zero_window():
    # only a FIN that is accepted changes the state
    return window_edges([99, 100, 101, 102], lambda o, p: opened(far_window=100, port=p) + [
        tcp("A", 1000, 5000, port=p, there=FAR, data=b"x" * 100), back(tcp("A", 5000, 1100, True, p, FAR, window=0)), tcp("FA", 1000 + o, 5000, port=p, there=FAR)])


@edge
def tcp_sack():
    sack = lambda left, right: b"\x01\x01\x05\x0a" + struct.pack(">II", left, right)
    permitted = b"\x04\x02\x01\x01"
    return window_edges([0, 1, 100, 101], lambda o, p: opened(far_window=1000, options=permitted, far_options=permitted, port=p) + [
        tcp("A", 1100, 5000, port=p, there=FAR, data=b"x" * 100), back(tcp("A", 5000, 1000, True, p, FAR, window=1000, options=sack(1100, 1100 + o))),
        tcp("A", 2000 + o, 5000, port=p, there=FAR, data=b"x"), back(tcp("A", 5000, 2001 + o, True, p, FAR, window=1000))])


@edge
def tcp_window_scale():
    return window_edges([0, 1, 13, 14, 15, 255], lambda o, p: opened(options=b"\x03\x03" + bytes([o]) + b"\0", far_options=b"\x03\x03" + bytes([o]) + b"\0", far_window=3, port=p) + [
        back(tcp("A", 5000, 1000, True, p, FAR, window=3)), tcp("A", 1000 + (3 << min(o, 14)), 5000, port=p, there=FAR, data=b""),
        tcp("FA", 1001 + (3 << min(o, 14)), 5000, port=p, there=FAR, data=b"x")])


@edge
def tcp_scale_of_one_side():
    return window_edges([0, 7], lambda o, p: opened(options=b"\x03\x03" + bytes([o]) + b"\0", far_window=1000, window=1000, port=p) + [
        tcp("A", 1000, 5000, port=p, there=FAR, window=1000), back(tcp("A", 6000, 1000, True, p, FAR, data=b"y" * 1000)), back(tcp("A", 6001, 1000, True, p, FAR, data=b"y"))])


# longer or shorter than what else may count
RETRANSMISSIONS = {"net.netfilter.nf_conntrack_tcp_timeout_max_retrans": "77"}


@edge
def tcp_retransmitted():
    again = tcp("A", 1000, 5000, there=FAR, data=b"x")
    return scenario(opened() + [again] * 3, sysctls=RETRANSMISSIONS)


@edge
def tcp_retransmitted_once_more():
    return scenario(opened() + [tcp("A", 1000, 5000, there=FAR, data=b"x")] * 4, sysctls=RETRANSMISSIONS)


@edge
def tcp_retransmitted_twice_more():
    return scenario(opened() + [tcp("A", 1000, 5000, there=FAR, data=b"x")] * 5, sysctls=RETRANSMISSIONS)


@edge
def tcp_zero_window_timeout():
    return scenario(opened() + [back(tcp("A", 5000, 1000, True, there=FAR, window=0)), tcp("A", 1000, 5000, there=FAR, window=0)])


@edge
def tcp_short_header():
    packets = []
    for offset in range(0, 8):
        packets += [tcp("S", 999, port=4000 + offset, data_offset=offset), tcp("A", 1000, 1, port=4100 + offset, data_offset=offset, data=b"x" * 8)]
    full = tcp("S", 999, port=4200)
    return scenario(packets + [wire.ipv4(NEAR, HERE, 6, full[20:20 + n], ident=1) for n in range(0, 21)])


@edge
def tcp_short_header_dropped():
    full = tcp("S", 999, port=4200, there=FAR)
    rules = "*filter\n-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT\n-A FORWARD -p tcp --tcp-option 2\n-A FORWARD -p tcp -m tcpmss --mss 1:2\nCOMMIT\n"
    return scenario([wire.ipv4(NEAR, FAR, 6, full[20:20 + n], ident=1) for n in range(0, 21)]
                    + [tcp("S", 999, data_offset=n, there=FAR, data=b"\x02\x04\x00\x02") for n in range(3, 8)]
                    + [wire.ipv4(NEAR, FAR, 6, full[20:], ident=2, offset=o, mf=True) for o in (8, 16)], rules)


@edge
def tcp_flags():
    flags = ["".join(f for i, f in enumerate("FSRPAU") if n >> i & 1) for n in range(64)]
    return scenario([tcp(f, 999, 5000, port=4000 + n) for n, f in enumerate(flags)])


@edge
def tcp_flags_when_established():
    packets = []
    for n in (n for n in range(64) if n & 0x20 and not n & 8):
        flags = "".join(f for i, f in enumerate("FSRPAU") if n >> i & 1)
        packets += opened(port=4000 + n) + [tcp(flags, 1000, 5000, port=4000 + n, there=FAR)]
    return scenario(packets)


@edge
def tcp_challenge_ack():
    close = [back(tcp("FA", 5000, 1000, True, there=FAR)), tcp("A", 1000, 5001, there=FAR), tcp("FA", 1000, 5001, there=FAR)]
    return scenario(opened() + close + [tcp("S", 90000, there=FAR), back(tcp("A", 5001, 1000, True, there=FAR))])


@edge
def tcp_last_ack():
    close = [back(tcp("FA", 5000, 1000, True, there=FAR)), tcp("A", 1000, 5001, there=FAR), tcp("FA", 1000, 5001, there=FAR)]
    return scenario(opened() + close + [back(tcp("A", 5001, 1001, True, there=FAR)), tcp("S", 90000, there=FAR)])


@edge
def tcp_closed_outside_the_window():
    return window_edges([False, True], lambda both, p: opened(port=p) + [tcp("A", 1000, 5000, port=p, there=FAR, data=b"x"), back(tcp("A", 5000, 1001, True, p, FAR)),
                        tcp("FA", 900000, 5000, port=p, there=FAR)] + [back(tcp("FA", 900000, 1001, True, p, FAR))] * both)


@edge
def tcp_reset_outside_the_window():
    return window_edges([False, True], lambda both, p: opened(port=p) + [tcp("A", 1000, 5000, port=p, there=FAR, data=b"x"), back(tcp("A", 5000, 1001, True, p, FAR)),
                        tcp("R", 900000, port=p, there=FAR)] + [back(tcp("R", 900000, 0, True, p, FAR))] * both)


@edge
def gre_both_ways():
    return scenario([wire.ipv4(NEAR, FAR, 47, bytes.fromhex("0000080001020304"), ident=1), back(wire.ipv4(FAR, NEAR, 47, bytes.fromhex("0000080001020304"), ident=1)),
                     wire.ipv4(NEAR, FAR, 47, bytes.fromhex("0000080001020304"), ident=1), wire.ipv4(NEAR, "10.1.0.3", 47, bytes.fromhex("0000080001020304"), ident=1)])


@edge
def udp_short_header():
    full = wire.udp(NEAR, FAR, 4000, 53, b"x")
    rules = "*filter\n-A FORWARD -p udp -m udp --dport 53 -j ACCEPT\n-A FORWARD -p udp -m multiport --dports 53\nCOMMIT\n"
    return scenario([wire.ipv4(NEAR, FAR, 17, full[:n], ident=1) for n in range(0, 9)], rules)


@edge
def multiport_short_header():
    full = wire.udp(NEAR, FAR, 4000, 53, b"x")
    rules = "*filter\n-A FORWARD -p udp -m multiport --dports 53,80 -j ACCEPT\n-A FORWARD -p udp -m multiport ! --ports 53:54,4000\nCOMMIT\n"
    return scenario([wire.ipv4(NEAR, FAR, 17, full[:n], ident=1) for n in range(0, 9)] + [wire.ipv4(NEAR, FAR, 17, full, ident=1, offset=8)], rules)


@edge
def icmp_short_header():
    full = wire.icmp(8, 0, b"\0\1\0\1")
    rules = "*filter\n-A FORWARD -p icmp -m icmp --icmp-type 8 -j ACCEPT\n-A FORWARD -p icmp -m icmp --icmp-type any\nCOMMIT\n"
    return scenario([wire.ipv4(NEAR, FAR, 1, full[:n], ident=1) for n in range(0, 9)] + [wire.ipv4(NEAR, FAR, 1, full, ident=1, offset=8)]
                    + [wire.ipv4(NEAR, FAR, 1, wire.icmp(t, c), ident=1) for t in (0, 3, 254, 255) for c in (0, 255)], rules)


@edge
def esp_ah_short_header():
    full = struct.pack(">II", 0x100, 1) + b"x" * 8
    rules = "*filter\n-A FORWARD -p esp -m esp --espspi 256 -j ACCEPT\n-A FORWARD -p ah -m ah --ahspi 1 -j ACCEPT\nCOMMIT\n"
    ah = struct.pack(">BBHII", 6, 4, 0, 1, 1) + b"x" * 12
    return scenario([wire.ipv4(NEAR, FAR, 50, full[:n], ident=1) for n in range(0, 10)] + [wire.ipv4(NEAR, FAR, 51, ah[:n], ident=1) for n in range(0, 14)]
                    + [wire.ipv4(NEAR, FAR, 50, full, ident=1, offset=8), wire.ipv4(NEAR, FAR, 50, full[:3], ident=1, offset=8), wire.ipv4(NEAR, FAR, 51, ah, ident=1, offset=8)], rules)


@edge
def tracked_short_headers():
    packets = []
    for proto, full in [(6, tcp("S", 1)[20:]), (17, udp()[20:]), (132, sctp(chunk(1, struct.pack(">IIHHI", 7, 9, 1, 1, 1)))), (136, udp(proto=136)[20:]),
                        (33, bytes(24)), (1, wire.icmp(8, 0, b"\0\1\0\1")), (47, bytes.fromhex("2001880b0000000100000001"))]:
        packets += [wire.ipv4(NEAR, HERE, proto, full[:n], ident=1) for n in range(0, 13)]
    return scenario(packets)


def crc32c(data):
    value = 0xffffffff
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82f63b78 if value & 1 else 0)
    return value ^ 0xffffffff


def chunk(kind, body=b"", flags=0, length=None, padded=True):
    head = struct.pack(">BBH", kind, flags, 4 + len(body) if length is None else length)
    return head + body + (b"\0" * (-len(body) % 4) if padded else b"")


def sctp(*chunks, tag=0, sport=4000, dport=80, bad_checksum=False):
    raw = struct.pack(">HHII", sport, dport, tag, 0) + b"".join(chunks)
    return raw[:8] + struct.pack("<I", crc32c(raw) ^ (1 if bad_checksum else 0)) + raw[12:]


def init(tag, kind=1):
    return chunk(kind, struct.pack(">IIHHI", tag, 65536, 1, 1, 1))


def associated(port=4000):
    """An association through the router; tags 7 (of the near end) and 9."""
    near = lambda *c, tag=9: wire.ipv4(NEAR, FAR, 132, sctp(*c, tag=tag, sport=port), ident=1)
    far = lambda *c, tag=7: back(wire.ipv4(FAR, NEAR, 132, sctp(*c, tag=tag, sport=80, dport=port), ident=1))
    return near, far, [near(init(7), tag=0), far(init(9, 2)), near(chunk(10, b"cook")), far(chunk(11))]


@edge
def sctp_padding():
    packets = []
    for n in range(0, 9):
        near, far, steps = associated(4000 + n)
        packets += steps + [near(chunk(0, b"d" * (12 + n)), chunk(7, b"\0\0\0\1")), far(chunk(3, b"\0" * (12 + n)), chunk(8))]
    return scenario(packets)


@edge
def sctp_bad_lengths():
    packets = []
    for n, length in enumerate([0, 1, 3, 4, 5, 19, 20, 21, 65535]):
        near, far, steps = associated(4000 + n)
        packets += steps + [near(chunk(0, b"d" * 16, length=length), chunk(7, b"\0\0\0\1")), far(chunk(8))]
    return scenario(packets)


@edge
def sctp_tags():
    packets = []
    for n, (kind, flags, tag) in enumerate([(6, 0, 9), (6, 0, 7), (6, 1, 7), (6, 1, 9), (6, 2, 9), (6, 2, 7), (14, 0, 9), (14, 1, 7), (14, 1, 9), (14, 0, 7),
                                            (1, 0, 9), (1, 0, 0), (10, 0, 9), (10, 0, 7), (11, 0, 3), (0, 0, 3), (0, 0, 9), (4, 0, 3), (4, 0, 9), (5, 0, 9), (8, 0, 3)]):
        near, far, steps = associated(4000 + n)
        packets += steps + [near(init(5) if kind == 1 else chunk(kind, b"", flags), tag=tag), near(chunk(0, b"d" * 12)), far(chunk(0, b"d" * 12))]
    return scenario(packets)


@edge
def sctp_heartbeats():
    packets = []
    for n, steps in enumerate([[("n", 4, 3), ("f", 5, 3)], [("n", 4, 3), ("n", 5, 3)], [("n", 4, 3), ("f", 4, 4), ("f", 5, 4)], [("f", 4, 4), ("n", 5, 5), ("n", 0, 5)],
                               [("f", 5, 4)], [("n", 4, 3), ("f", 5, 3), ("f", 0, 3), ("n", 0, 9)]]):
        near, far, start = associated(4000 + n)
        packets += start + [(near if side == "n" else far)(chunk(kind, b"d" * 12), tag=tag) for side, kind, tag in steps]
    return scenario(packets)


@edge
def sctp_bundles():
    packets = []
    for n, chunks in enumerate([[init(7), chunk(0, b"d" * 12)], [chunk(0, b"d" * 12), init(7)], [chunk(10, b"cook"), chunk(0, b"d" * 12)],
                                [chunk(0, b"d" * 12), chunk(10, b"cook")], [chunk(0, b"d" * 12), chunk(11)], [chunk(11), chunk(0, b"d" * 12)], [chunk(14), chunk(0)],
                                [chunk(0, b"d" * 12), chunk(14)], []]):
        near, far, start = associated(4000 + n)
        packets += start[:2] + [near(*chunks), far(chunk(11)), far(chunk(0, b"d" * 12))]
    return scenario(packets)


@edge
def sctp_shutdown():
    packets = []
    for n, steps in enumerate([["n7"], ["f7"], ["n7", "f8"], ["f7", "n8"], ["n7", "f8", "n14"], ["f7", "n8", "f14"], ["n7", "f7"], ["n8"], ["f8"], ["n14"], ["n9"], ["f9"]]):
        near, far, start = associated(4000 + n)
        packets += start + [(near if s[0] == "n" else far)(chunk(int(s[1:]), b"\0\0\0\1" if s[1:] == "7" else b"")) for s in steps]
    return scenario(packets)


@edge
def sctp_init_again():
    near, far, start = associated()
    return scenario([near(init(7), tag=0), {"wait": 3}, near(init(7), tag=0)])


@edge
def sctp_checksum():
    bad = wire.ipv4(NEAR, FAR, 132, sctp(init(7), bad_checksum=True), ident=1)
    return scenario([bad, bad, own(wire.ipv4(HERE, NEAR, 132, sctp(init(7), sport=99, bad_checksum=True), ident=1))])


def udp_with_sum_zero_after(source, target, sport, dport, proto=17):
    """Data so that the datagram from source to target has a checksum of zero."""
    for n in range(65536):
        data = struct.pack(">H", n)
        head = struct.pack(">HHHH", sport, dport, 10, 0)
        if wire.checksum(wire.address(source) + wire.address(target) + struct.pack(">BBH", 0, proto, 10) + head + data) == 0:
            return data


@edge
def nat_checksum_zero():
    nat = "*nat\n-A POSTROUTING -o eth1 -j SNAT --to-source 10.1.0.1\nCOMMIT\n*filter\n" + STATES + "COMMIT\n"
    data = udp_with_sum_zero_after("10.1.0.1", FAR, 4000, 53)
    return scenario([udp(data, target=FAR), udp(data, target=FAR, no_checksum=True), udp(b"other", target=FAR, no_checksum=True, sport=4001)], nat)


NAT = "*nat\n" + "".join(f"-A POSTROUTING -o eth1 -p {p} -j SNAT --to-source 10.1.0.1:7000\n" for p in ("tcp", "udp", "sctp", "icmp")) \
    + "-A POSTROUTING -o eth1 -j SNAT --to-source 10.1.0.1\n-A PREROUTING -d 10.0.0.1 -p udp --dport 53 -j DNAT --to-destination 10.1.0.2:5353\nCOMMIT\n"


@edge
def nat_udplite():
    nat = NAT + "*filter\n" + STATES + "COMMIT\n"
    data = udp_with_sum_zero_after("10.1.0.1", FAR, 7000, 53)
    sums = [wire.ipv4(NEAR, FAR, 136, wire.with_transport_checksum(wire.address(NEAR), wire.address(FAR), proto, udp(b"data", target=FAR, proto=136, sport=p)[20:], 6), ident=1)
            for p, proto in ((7000, 17), (7001, 136))]
    zero = wire.ipv4(NEAR, FAR, 136, wire.with_transport_checksum(wire.address(NEAR), wire.address(FAR), 17, udp(data, target=FAR, proto=136, sport=7000)[20:], 6), ident=1)
    return scenario(sums + [zero, udp(b"data", target=FAR, proto=136, sport=7002, no_checksum=True)], nat)


def udplite(data, coverage, pseudo, port, target=HERE, no_checksum=False):
    head = struct.pack(">HHHH", port, 53, coverage, 0)
    covered = (head + data)[:coverage or None]
    s = wire.with_transport_checksum(wire.address(NEAR), wire.address(target), pseudo, covered, 6, False, 8 + len(data)) + (head + data)[len(covered):]
    return wire.ipv4(NEAR, target, 136, head + data if no_checksum else s, ident=1)


@edge
def udplite_tracking():
    packets = []
    for n, (coverage, pseudo) in enumerate([(0, 17), (0, 136), (8, 17), (8, 136), (12, 17), (18, 17), (19, 17), (7, 17), (1, 17), (9, 136), (9, 17)]):
        packets.append(udplite(b"0123456789", coverage, pseudo, 4000 + n))
    return scenario(packets + [udplite(b"0123456789", 0, 17, 5000, no_checksum=True)])


@edge
def udplite_closed_port():
    # one whose checksum would be right were zero allowed
    data = udp_with_sum_zero_after(NEAR, HERE, 5001, 53, 136)
    zero = wire.ipv4(NEAR, HERE, 136, struct.pack(">HHHH", 5001, 53, 10, 0) + data, ident=1)
    return scenario(udplite_tracking()["packets"] + [{"in": "eth0", "hex": zero.hex()}], "*filter\nCOMMIT\n", stack="answers", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def udp_lengths():
    packets = []
    for n, length in enumerate([0, 1, 7, 8, 9, 17, 18, 19, 65535]):
        packets += [udp(b"0123456789", sport=4000 + n, length=length), udp(b"0123456789", sport=4100 + n, length=length, no_checksum=True)]
        raw = struct.pack(">HHHH", 4200 + n, 53, length, 0) + b"0123456789"
        if 8 <= length <= 18:
            raw = wire.with_transport_checksum(wire.address(NEAR), wire.address(HERE), 17, raw[:length], 6) + raw[length:]
        packets.append(wire.ipv4(NEAR, HERE, 17, raw, ident=1))
    return scenario(packets)


@edge
def udp_closed_port():
    return scenario(udp_lengths()["packets"], "*filter\nCOMMIT\n", stack="answers", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def udp_stream():
    reply = back(udp(b"y", FAR, NEAR, 53, 4000))
    return scenario([udp(target=FAR), reply, udp(target=FAR)])


@edge
def udp_stream_after_two_seconds():
    reply = back(udp(b"y", FAR, NEAR, 53, 4000))
    return scenario([udp(target=FAR), reply, {"wait": 2.3}, udp(target=FAR)])


@edge
def datagrams_too_long():
    packets = []
    # the recorder cannot show a whole one above 65,531 bytes
    for n, last in enumerate([65504, 65516]):
        at = 0
        while at < last // 8 * 8 - 1400:
            packets.append(wire.ipv4(NEAR, HERE, 17, b"x" * 1400 if at else struct.pack(">HHHH", 4000 + n, 53, last & 0xffff, 0) + b"x" * 1392, ident=100 + n, mf=True, offset=at))
            at += 1400
        packets.append(wire.ipv4(NEAR, HERE, 17, b"x" * (last - at), ident=100 + n, offset=at))
    return scenario(packets)


def fragments(cuts, ident=50, data=b"abcdefgh" * 12, target=HERE, proto=17, **more):
    """Fragments of one datagram, each (start, end, more fragments)."""
    whole = struct.pack(">HHHH", 4000, 53, 8 + len(data), 0) + data
    return [wire.ipv4(NEAR, target, proto, whole[a:b], ident=ident, mf=m, offset=a, **more) for a, b, m in cuts]


@edge
def fragment_overlaps():
    packets = []
    for n, cuts in enumerate([
            [(0, 48, True), (48, 104, False)], [(48, 104, False), (0, 48, True)], [(0, 48, True), (40, 104, False)], [(0, 48, True), (0, 48, True), (48, 104, False)],
            [(0, 48, True), (8, 40, True), (48, 104, False)], [(48, 72, True), (0, 56, True), (72, 104, False)], [(0, 24, True), (48, 72, True), (16, 56, True), (72, 104, False)],
            [(0, 24, True), (48, 72, True), (24, 48, True), (72, 104, False)], [(72, 104, False), (48, 80, True), (0, 48, True)], [(0, 48, True), (48, 101, True), (96, 104, False)],
            [(0, 45, True), (40, 104, False)], [(0, 48, True), (48, 96, False), (96, 104, False)], [(48, 104, False), (104, 104, True), (0, 48, True)],
            [(0, 48, True), (48, 104, False), (48, 104, False)], [(0, 0, True), (0, 104, False)], [(0, 24, True), (48, 72, True), (16, 56, True), (72, 104, False), (24, 48, True)], [(48, 96, False), (96, 104, False), (0, 48, True)],
            [(0, 48, True), (56, 104, False), (48, 80, True), (48, 56, True)], [(96, 104, False), (0, 104, True)], [(0, 4, True), (0, 104, False)]]):
        packets += fragments(cuts, 50 + n)
    return scenario(packets)


@edge
def fragment_ecn():
    packets = []
    for n, (a, b) in enumerate((a, b) for a in range(4) for b in range(4)):
        packets += fragments([(0, 48, True)], 50 + n, tos=a | 0x20) + fragments([(48, 104, False)], 50 + n, tos=b | 0x40)
    return scenario(packets)


@edge
def fragment_dont_fragment():
    packets = []
    for n, (a, b, cut) in enumerate([(True, False, 48), (False, True, 48), (True, True, 48), (True, False, 64), (False, True, 64), (False, False, 48), (True, False, 56)]):
        packets += fragments([(0, cut, True)], 50 + n, target=FAR, df=a) + fragments([(cut, 104, False)], 50 + n, target=FAR, df=b)
    return scenario(packets)


@edge
def fragment_distance():
    packets = []
    for n, others in enumerate([62, 63, 64, 65]):
        packets += fragments([(0, 48, True)], 1000 + n)
        packets += [p for i in range(others) for p in fragments([(0, 48, True)], 2000 + 100 * n + i)]
        packets += fragments([(48, 104, False)], 1000 + n)
    return scenario(packets)


@edge
def fragment_of_own():
    parts = [wire.ipv4(HERE, NEAR, 17, udp()[20:][a:b], ident=9, mf=m, offset=a) for a, b, m in ((0, 8, True), (8, 9, False))]
    both = [wire.ipv4(HERE, NEAR, 17, (udp(b"x" * 32, HERE, NEAR)[20:])[a:b], ident=9, mf=m, offset=a) for a, b, m in ((0, 24, True), (24, 40, False))]
    return scenario([own(p) for p in parts] + [own(both[0]), both[1], own(both[1])])


@edge
def fragments_leave_as_they_came():
    packets = []
    data = b"abcdefgh" * 250
    for n, cuts in enumerate([[(0, 800, True), (800, 1600, True), (1600, 2008, False)], [(0, 1480, True), (1480, 2008, False)], [(1480, 2008, False), (0, 1480, True)],
                              [(0, 8, True), (8, 2000, True), (2000, 2008, False)]]):
        packets += fragments(cuts, 50 + n, data, FAR)
    return scenario(packets, routes=["10.2.0.0/24 via 10.1.0.9 mtu 600"])


@edge
def fragments_of_smaller_way():
    packets = []
    data = b"abcdefgh" * 250
    options = bytes.fromhex("0704000044080500000000010100000094040000")
    for n, cuts in enumerate([[(0, 800, True), (800, 1600, True), (1600, 2008, False)], [(0, 500, True), (500, 1000, True)], [(0, 496, True), (496, 992, True), (992, 2008, False)],
                              [(0, 400, True), (400, 1400, True), (1400, 2008, False)]]):
        packets += fragments(cuts, 50 + n, data, "10.2.0.5")
        packets += fragments(cuts, 80 + n, data, "10.2.0.5", options=b"\x94\x04\0\0\x01\x01\x01\x00")
    whole = wire.udp(NEAR, "10.2.0.5", 4000, 53, data[:1000])
    packets += [wire.ipv4(NEAR, "10.2.0.5", 17, whole, ident=200), wire.ipv4(NEAR, "10.2.0.5", 17, whole, ident=201, options=b"\x94\x04\0\0\x01\x01\x01\x00"),
                wire.ipv4(NEAR, "10.2.0.5", 17, whole, ident=202, df=True)]
    packets += [wire.ipv4(NEAR, "10.2.0.5", 17, whole[:n], ident=203) for n in (579, 580, 581)]
    return scenario(packets, "*filter\n-A FORWARD -p udp -j ACCEPT\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n", routes=["10.2.0.0/24 via 10.1.0.9 mtu 600"])


@edge
def fragments_cut_again_untracked():
    data = b"abcdefgh" * 250
    packets = fragments([(0, 1000, True), (1000, 2000, True), (2000, 2008, False)], 50, data, "10.2.0.5")
    return scenario(packets, "*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n", routes=["10.2.0.0/24 via 10.1.0.9 mtu 600"])


@edge
def icmp_types_rejected():
    packets = []
    for kind in range(0, 21):
        packets.append(wire.ipv4(NEAR, FAR, 1, wire.icmp(kind, 0, b"\0\1\0\1", udp()[:28]), ident=kind + 1))
    packets += [wire.ipv4(NEAR, FAR, 1, b"", ident=50), wire.ipv4(NEAR, FAR, 1, b"\x08", ident=51), wire.ipv4(NEAR, FAR, 1, b"\x03", ident=52),
                wire.ipv4(NEAR, FAR, 1, b"\x08\x00\xf7\xff", ident=53)]
    return scenario(packets, "*filter\n-A FORWARD -j REJECT\nCOMMIT\n", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def icmp_types_tracked():
    packets = [wire.ipv4(NEAR, HERE, 1, wire.icmp(kind, 0, b"\0" + bytes([kind + 1]) + b"\0\1", udp(target=NEAR, source=HERE)[:28]), ident=kind + 1) for kind in range(0, 21)]
    again = [own(wire.ipv4(HERE, NEAR, 1, wire.icmp(kind, 0, b"\0" + bytes([request + 1]) + b"\0\1"), ident=kind + 1)) for request, kind in ((8, 0), (13, 14), (15, 16), (17, 18))]
    return scenario(packets + again)


@edge
def icmp_identifiers():
    ping = lambda n, code=0: wire.ipv4(NEAR, FAR, 1, wire.icmp(8, code, struct.pack(">HH", n, 1)), ident=1)
    pong = lambda n, code=0: back(wire.ipv4(FAR, NEAR, 1, wire.icmp(0, code, struct.pack(">HH", n, 1)), ident=1))
    return scenario([ping(1), ping(2), pong(2), pong(3), pong(1, 1), pong(1)])


@edge
def icmp_errors_tracked():
    sent = udp(target=FAR)
    answer = udp(b"y", FAR, NEAR, 53, 4000)
    error = lambda quoted, source="10.1.0.9", target=NEAR, kind=3, code=1: wire.ipv4(source, target, 1, wire.icmp(kind, code, data=quoted[:28]), ident=3)
    # of a later fragment and of a stump the ports do not count
    later, zero = wire.ipv4(NEAR, FAR, 17, sent[20:], ident=1, offset=8), udp(target=FAR, dport=0)
    packets = [sent, zero, back(error(later)), back(error(zero[:22])), back(error(zero[:24])), back(error(sent)), back(error(sent, kind=12)), back(error(sent, kind=4)), back(error(sent, target="10.0.0.3")), back(answer),
               error(answer, NEAR, FAR), error(answer, NEAR, "10.1.0.3"), back(error(sent[:26])), back(error(sent, kind=5)), back(error(udp(target=FAR, sport=9)))]
    return scenario(packets)


@edge
def fragmentation_needed_many_times():
    packets = [udp(b"x" * 1000, target="10.2.0.5", sport=4000 + n) for n in range(12)]
    packets = [p[:6] + b"\x40\x00" + p[8:10] + struct.pack(">H", wire.checksum(p[:6] + b"\x40\x00" + p[8:10] + b"\0\0" + p[12:20])) + p[12:] for p in packets]
    return scenario(packets, "*filter\nCOMMIT\n", routes=["10.2.0.0/24 via 10.1.0.9 mtu 600"])


@edge
def errors_many_times():
    return scenario([udp(target="10.9.0.5", sport=4000 + n) for n in range(9)] + [wire.ipv4("10.0.0.7", "10.9.0.5", 17, udp()[20:], ident=1)], "*filter\nCOMMIT\n")


@edge
def rejects_many_times():
    return scenario([udp(target=FAR, sport=4000 + n) for n in range(9)], "*filter\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n")


@edge
def ratemask():
    packets = [udp(target=FAR, sport=4000 + n) for n in range(9)] + [wire.ipv4(NEAR, FAR, 17, udp()[20:], ident=1, ttl=1) for _ in range(9)]
    return scenario(packets, "*filter\n-A FORWARD -j REJECT\nCOMMIT\n", sysctls={"net.ipv4.icmp_ratemask": "2048"})


@edge
def closed_port():
    md5 = b"\x13\x12" + b"k" * 16 + b"\x01\x01"
    packets = [tcp("S", 999, options=md5), tcp("A", 999, 5, options=md5), tcp("S", 999, options=b"\x02\x04\x05\xb4"),
               tcp("R", 999), tcp("RA", 999, 5), tcp("F", 999, data=b"abc"), tcp("", 999), tcp("SF", 999, data=b"abc"), tcp("A", 999, 5), tcp("S", 999, bad_checksum=True)]
    packets += [tcp("S", 999, data_offset=n, data=b"\0" * 4) for n in range(3, 9)]
    packets += [wire.ipv4(NEAR, HERE, 6, tcp("S", 1)[20:], ident=1, tos=t) for t in (1, 2, 3, 0x10, 0xfc, 0xff)]
    packets += [wire.ipv4(NEAR, HERE, p, b"12345678", ident=1) for p in (0, 2, 4, 41, 47, 50, 103, 132, 200, 255)]
    packets += [wire.ipv4(NEAR, HERE, 1, wire.icmp(8, c, b"\0\1\0\1", b"x" * n, bad_checksum=b), ident=1, tos=t) for c, n, b, t in ((0, 0, False, 0), (0, 3, False, 0xff), (1, 4, False, 2), (0, 4, True, 0))]
    return scenario(packets, "*filter\nCOMMIT\n", stack="answers", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def closed_port_signed():
    packets = []
    for options in ["13120102030405060708090a0b0c0d0e0f100101", "130201010101010101010101010101010101010101", "13100102030405060708090a0b0c0d0e0101010101", "01011302", "0013120102030405060708090a0b0c0d0e0f1001",
                    "0101010113120102030405060708090a0b0c0d0e0f1001", "020405b413120102030405060708090a0b0c0d0e0f100101", "020013120102030405060708090a0b0c0d0e0f10010101", "05ff13120102030405060708090a0b0c0d0e0f10",
                    "1d1001020102030405060708090a0b0c01010101", "1d040102010101010101010101010101010101010101", "1d0501020301", "1d040102", "1d030101", "13120102030405060708090a0b0c0d0e0f1013120102030405060708090a0b0c0d0e0f10",
                    "020405b413", "020405b41312", "05010101010101", "0500010101010101010101010101010101010101", "13120102", "1312010203040506"]:
        packets += [tcp("S", 999, options=bytes.fromhex(options)[:40]), tcp("A", 999, 5, options=bytes.fromhex(options)[:40])]
    return scenario(packets, "*filter\nCOMMIT\n", stack="answers")


@edge
def rejected_segments():
    packets = [tcp("R", 999, there=FAR), tcp("S", 999, there=FAR), tcp("A", 999, 7, there=FAR), tcp("SF", 999, there=FAR, data=b"abc"), tcp("S", 999, there=FAR, bad_checksum=True),
               tcp("S", 999, there=FAR, data_offset=3), tcp("S", 999, there=FAR, data_offset=9), tcp("", 999, there=FAR, data=b"x")]
    return scenario(packets, "*filter\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n")


@edge
def rejected_protocols():
    packets = [wire.ipv4(NEAR, FAR, p, b"12345678abcd", ident=1) for p in (2, 4, 41, 47, 50, 51, 132, 136, 200)]
    packets += [udp(target=FAR, bad_checksum=True), udp(target=FAR, no_checksum=True), udp(target=FAR), wire.ipv4(NEAR, FAR, 17, b"\0\0\0\0", ident=1), wire.ipv4(NEAR, FAR, 17, udp()[20:], ident=1, offset=8),
                udp(b"x" * 600, target=FAR), wire.ipv4(NEAR, FAR, 17, wire.udp(NEAR, FAR, 1, 2, b"x"), tos=0xff, ident=1)]
    return scenario(packets, "*filter\n-A FORWARD -j REJECT\nCOMMIT\n", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def lengths_of_packets():
    p = udp(target=FAR)
    packets = [p + b"trailing", p[:-1], wire.ipv4(NEAR, FAR, 17, p[20:], total=19), wire.ipv4(NEAR, FAR, 17, p[20:], total=20), wire.ipv4(NEAR, FAR, 17, p[20:], bad_checksum=True),
               wire.ipv4(NEAR, FAR, 17, p[20:], ihl=4), wire.ipv4(NEAR, FAR, 17, p[20:], ihl=6), wire.ipv4(NEAR, FAR, 17, p[20:], ihl=15)]
    packets += [wire.ipv4(NEAR, FAR, 17, p[20:], ttl=t, ident=t + 1) for t in (0, 1, 2)]
    packets += [wire.ipv4(NEAR, "10.2.0.5", 17, b"x" * n, df=True, ident=1) for n in (579, 580, 581)]
    return scenario(packets, "*filter\nCOMMIT\n", routes=["10.2.0.0/24 via 10.1.0.9 mtu 600"])


@edge
def options_of_addresses():
    packets = []
    for options in ["0703040000000000", "070704000000000100", "0707050000000000", "0707060000000000", "070b08010203040000000001", "440504f0000000000000", "440805f100000000", "44080911000000000000", "440809f100000000",
                    "830704" + "0a010002" + "01", "890704" + "0a010002" + "01" + "830704" + "0a010002" + "01", "94020000", "94030000", "9404000001", "00010203", "0100ffff", "0703030000", "07020000",
                    "8306040a0100", "0707", "070704000000000707040000000000", "4404050144040501"]:
        raw = bytes.fromhex(options)
        packets += [wire.ipv4(NEAR, FAR, 1, wire.icmp(8, 0, b"\0\1\0\1"), options=raw, ident=1), wire.ipv4(NEAR, HERE, 1, wire.icmp(8, 0, b"\0\1\0\1"), options=raw, ident=1)]
    return scenario(packets, "*filter\nCOMMIT\n", stack="answers", sysctls={"net.ipv4.icmp_ratelimit": "0"})


@edge
def options_of_source_routes():
    packets = []
    for kind in (0x83, 0x89):
        for pointer in (4, 8, 12, 5):
            raw = bytes([kind, 11, pointer]) + wire.address("10.1.0.7") + wire.address("10.1.0.8") + b"\0"
            packets += [wire.ipv4(NEAR, t, 1, wire.icmp(8, 0, b"\0\1\0\1"), options=raw, ident=1) for t in (HERE, FAR)]
        hops = bytes([kind, 19, 20]) + b"".join(wire.address(a) for a in ("10.1.0.7", "10.1.0.8", "10.1.0.9", "10.0.0.9")) + b"\0"
        packets.append(wire.ipv4("10.0.0.8", HERE, 1, wire.icmp(8, 0, b"\0\1\0\1"), options=hops, ident=1))
    accept = {f"net.ipv4.conf.{i}.accept_source_route": "1" for i in ("all", "eth0", "eth1")}
    return scenario(packets, "*filter\nCOMMIT\n", stack="answers", sysctls={"net.ipv4.icmp_ratelimit": "0"} | accept)


@edge
def nat_short_packets():
    packets = []
    for proto, full in [(6, tcp("S", 1, there=FAR)[20:]), (17, udp(target=FAR)[20:]), (132, sctp(init(7))), (136, udplite(b"x", 0, 17, 4000, FAR)[20:]), (1, wire.icmp(8, 0, b"\0\1\0\1"))]:
        packets += [wire.ipv4(NEAR, FAR, proto, full[:n], ident=1) for n in (0, 3, 4, 7, 8, 11, 12, 13, 19, 20, 32)]
    return scenario(packets, NAT)


def nat_errors_of(bad_checksum):
    wired = udp(b"x", "10.1.0.1", FAR, 7000, 5353)
    error = lambda quoted, kind=3, code=3, rest=b"\0\0\0\0", **more: back(wire.ipv4(FAR, "10.1.0.1", 1, wire.icmp(kind, code, rest, quoted, **more), ident=3))
    packets = [udp(target=HERE)] + [error(wired[:n]) for n in (29, 28, 27, 24, 23, 20, 19)]
    packets += [error(wired, bad_checksum=True)] * bad_checksum + [error(wired, 5, 1, wire.address("10.1.0.9"))]
    seen = wire.ipv4("10.1.0.1", FAR, 6, wire.tcp("10.1.0.1", FAR, 7000, 80, "S", 999), ident=1)
    packets += [tcp("S", 999, there=FAR)] + [error(seen[:20 + n]) for n in (4, 7, 8, 17, 18, 19, 20)]
    ping = wire.ipv4("10.1.0.1", FAR, 1, wire.icmp(8, 0, b"\x1b\x58\0\1"), ident=1)
    packets += [wire.ipv4(NEAR, FAR, 1, wire.icmp(8, 0, b"\0\7\0\1"), ident=1)] + [error(ping[:20 + n]) for n in (4, 6, 8)] + [back(wire.ipv4(FAR, "10.1.0.1", 1, wire.icmp(0, 0, b"\x1b\x58\0\1"), ident=1))]
    chunks = sctp(init(7))
    packets += [wire.ipv4(NEAR, FAR, 132, chunks, ident=1)] + [error(wire.ipv4("10.1.0.1", FAR, 132, b"\x1b\x58" + chunks[2:n], ident=1)) for n in (8, 11, 12, 32)]
    return packets


@edge
def nat_errors():
    return scenario(nat_errors_of(False), NAT)


@edge
def nat_errors_unchecked():
    # tracking would refuse the wrong checksum before NAT sees it
    return scenario(nat_errors_of(True), NAT, sysctls={"net.netfilter.nf_conntrack_checksum": "0"})


@edge
def nat_netmap():
    nat = "*nat\n-A PREROUTING -d 10.0.5.0/24 -j NETMAP --to 10.1.0.0/24\n-A POSTROUTING -s 10.0.0.0/25 -o eth1 -j NETMAP --to 10.1.0.128/25\nCOMMIT\n"
    return scenario([udp(source=f"10.0.0.{n}", target=f"10.0.5.{n}", sport=n) for n in (2, 100, 127, 128, 200, 254)], nat)


@edge
def nat_same_source():
    nat = "*nat\n-A POSTROUTING -o eth1 -j SNAT --to-source 10.1.0.20-10.1.0.200\nCOMMIT\n"
    return scenario([udp(target=f"10.1.0.{n}", sport=p) for p in (4000, 4001) for n in (2, 3, 4, 5)] + [tcp("S", 1, there=f"10.1.0.{n}") for n in (2, 3)], nat)


@edge
def nat_persistent():
    nat = "*nat\n-A POSTROUTING -o eth1 -j SNAT --to-source 10.1.0.20-10.1.0.200 --persistent\nCOMMIT\n"
    return scenario([udp(source=f"10.0.0.{s}", target=f"10.1.0.{n}", sport=4000 + n) for s in (2, 3, 9) for n in (2, 3, 4)], nat)


@edge
def nat_destination_ports():
    nat = "*nat\n-A PREROUTING -p udp --dport 53 -j DNAT --to-destination 10.1.0.2:7000-7001\n-A PREROUTING -p udp -j DNAT --to-destination 10.1.0.2:7000-7010/5353\nCOMMIT\n"
    return scenario([udp(target=f"10.0.9.{n}") for n in (1, 2)] + [udp(target="10.0.9.1", dport=p, sport=p) for p in (5352, 5353, 5355, 5363, 5364, 5365)], nat)


@edge
def nat_one_port():
    return scenario([udp(source=f"10.0.0.{n}", target=FAR) for n in (2, 3)] + [back(udp(b"y", FAR, "10.1.0.1", 53, 7000))] + [udp(source="10.0.0.3", target="10.1.0.3"), udp(source="10.0.0.2", target=FAR)], NAT)


@edge
def first_packet_after_a_while():
    return scenario([{"wait": 3.5}, udp(target=FAR), tcp("S", 1), wire.ipv4(NEAR, FAR, 1, wire.icmp(8, 0, b"\0\1\0\1"))])


@edge
def hotdrops_of_hashlimit():
    rules = "*filter\n-A FORWARD -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-mode srcip,dstport --hashlimit-srcmask 24 --hashlimit-name a -j ACCEPT\nCOMMIT\n"
    packets = [wire.ipv4(NEAR, FAR, p, b"abcdefgh"[:n], ident=1) for p in (6, 17, 47) for n in (0, 3, 4)]
    packets += [wire.ipv4(f"10.0.0.{n}", FAR, 17, udp()[20:], ident=1) for n in (2, 3, 4, 5, 6)]
    return scenario(packets, rules)


@edge
def hashlimit_of_bytes():
    rules = "*filter\n-A FORWARD -m hashlimit --hashlimit-upto 64b/s --hashlimit-mode srcip --hashlimit-name a -j ACCEPT\nCOMMIT\n"
    return scenario([udp(target=FAR, sport=4000 + n) for n in range(5)], rules)


@edge
def recent_ttl():
    rules = "*raw\n-A PREROUTING -p udp --dport 1 -m recent --name a --set\nCOMMIT\n*filter\n-A FORWARD -m recent --name a --rcheck --rttl\n-A FORWARD -m recent --name a --rcheck\nCOMMIT\n"
    return scenario([wire.ipv4(NEAR, FAR, 17, wire.udp(NEAR, FAR, 5, p, b"x"), ident=1, ttl=t) for p, t in ((1, 9), (2, 9), (2, 8), (2, 10))], rules)


@edge
def strings_across_fragments():
    rules = "*filter\n" + "".join(f"-A FORWARD -m string --algo {a} --string {w}\n" for a in ("bm", "kmp") for w in ("needle", "hay", "straw")) + "-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n"
    data = b"A" * 37 + b"needle" + b"B" * 20 + b"straw" + b"C" * 20 + b"hay"
    return scenario(fragments([(0, 48, True), (48, 8 + len(data), False)], 50, data, FAR) + [wire.ipv4(NEAR, FAR, 17, wire.udp(NEAR, FAR, 1, 2, data), ident=1)], rules)


@edge
def connbytes():
    rules = "*filter\n" + "".join(f"-A FORWARD -m connbytes --connbytes {r} --connbytes-dir {d} --connbytes-mode {m}\n" for d in ("original", "reply", "both")
                                  for m, r in (("packets", "2"), ("packets", "2:2"), ("bytes", "60:90"), ("avgpkt", "30:31"), ("avgpkt", "32"))) + "COMMIT\n"
    return scenario([udp(b"x" * n, target=FAR) for n in (1, 2, 9)] + [back(udp(b"y" * 5, FAR, NEAR, 53, 4000)), udp(target=FAR)], rules, sysctls={"net.netfilter.nf_conntrack_acct": "1"})


@edge
def quotas():
    rules = "*filter\n-A FORWARD -m quota --quota 58\n-A FORWARD -m quota --quota 57\n-A FORWARD -m quota ! --quota 60\nCOMMIT\n"
    return scenario([udp(target=FAR) for _ in range(4)] + [wire.ipv4(NEAR, FAR, 99, b"", ident=1)] * 2, rules)


@edge
def chains():
    rules = ("*filter\n:A - [0:0]\n:B - [0:0]\n:C - [0:0]\n-A FORWARD -j A\n-A FORWARD -g B\n-A FORWARD -j ACCEPT\n-A A -p tcp -g C\n-A A -j C\n-A A -j RETURN\n-A A -j DROP\n"
             "-A B -j C\n-A B\n-A C -p udp -j RETURN\n-A C\nCOMMIT\n")
    return scenario([udp(target=FAR), tcp("S", 1, there=FAR)], rules)


@edge
def matches_of_headers():
    rules = "*filter\n" + "".join(f"-A FORWARD {r}\n" for r in [
        "-m iprange --src-range 10.0.0.3-10.0.0.4", "-m iprange ! --dst-range 10.1.0.2-10.1.0.3", "-p udp -m multiport --ports 5", "-p udp -m multiport ! --ports 5:7,9",
        "-p udp -m multiport --sports 5:7", "-m length --length 29", "-m length ! --length 30:31", "-m ttl --ttl-lt 64", "-m ttl --ttl-gt 62", "-m ttl ! --ttl-eq 63", "-m tos --tos 0x10/0x3f", "-m dscp --dscp 4",
        "-m ecn --ecn-ip-ect 1", "-p tcp -m ecn --ecn-tcp-cwr", "-p tcp -m ecn ! --ecn-tcp-ece", "-p tcp -m tcpmss --mss 500", "-p tcp -m tcpmss ! --mss 500", "-p tcp -m tcp --tcp-option 2", "-p tcp -m tcp ! --tcp-option 2"]) + "COMMIT\n"
    packets = [udp(source=f"10.0.0.{n}", target=f"10.1.0.{n}", sport=n, dport=m) for n in (2, 3, 4, 5) for m in (4, 5, 7, 8, 9)]
    packets += [udp(b"x" * n, target=FAR) for n in range(0, 5)] + [wire.ipv4(NEAR, FAR, 17, wire.udp(NEAR, FAR, 5, 5, b"x"), ident=1, ttl=t, tos=o) for t, o in ((63, 0), (64, 1), (65, 2), (64, 3), (64, 0x10), (64, 0x30))]
    bits = lambda n: "".join(f for i, f in enumerate("FSRPAUEC") if n >> i & 1)
    packets += [tcp(bits(n), 1, there=FAR) for n in (0x02, 0x42, 0x82, 0xc2)] + [tcp("S", 1, there=FAR, options=b"\x02\x04" + struct.pack(">H", n)) for n in (499, 500, 501)]
    return scenario(packets, rules)


@edge
def recent_lists():
    rules = "*filter\n" + "".join(f"-A FORWARD {r}\n" for r in [
        "-p udp --dport 1 -m recent --name a --set", "-p udp --dport 2 -m recent --name a --rcheck --hitcount 2", "-p udp --dport 2 -m recent --name a --rcheck --hitcount 3",
        "-p udp --dport 3 -m recent --name a --update --hitcount 3", "-p udp --dport 4 -m recent --name a --remove", "-p udp --dport 5 -m recent --name a --rcheck --rttl", "-p udp --dport 6 -m recent --name a ! --rcheck"]) + "COMMIT\n"
    ports = [2, 1, 2, 1, 2, 1, 2, 3, 3, 2, 5, 6, 4, 2, 6]
    packets = [udp(target=FAR, dport=p) for p in ports] + [wire.ipv4(NEAR, FAR, 17, wire.udp(NEAR, FAR, 5, p, b"x"), ident=1, ttl=t) for p, t in ((1, 9), (5, 9), (5, 8), (5, 10))]
    return scenario(packets, rules)


@edge
def recent_ring():
    rules = "*filter\n-A FORWARD -p udp --dport 1 -m recent --name a --set\n-A FORWARD -p udp --dport 2 -m recent --name a --rcheck --hitcount 3 --seconds 2\n-A FORWARD -p udp --dport 3 -m recent --name a --update --seconds 2 --hitcount 3\n-A FORWARD -p udp --dport 4 -m recent --name a --rcheck --hitcount 20\nCOMMIT\n"
    set_, check, update = (udp(target=FAR, dport=p) for p in (1, 2, 3))
    return scenario([set_] * 6 + [check, update, {"wait": 2.3}, check, set_, check, set_, set_, check, update] + [set_] * 20 + [udp(target=FAR, dport=4)], rules)


@edge
def recent_reap():
    rules = "*filter\n-A FORWARD -p udp --dport 1 -m recent --name a --set\n-A FORWARD -p udp --dport 2 -m recent --name a --rcheck --seconds 1 --reap\n-A FORWARD -p udp --dport 3 -m recent --name a --rcheck\nCOMMIT\n"
    other = lambda p: udp(source="10.0.0.9", target=FAR, dport=p)
    return scenario([udp(target=FAR, dport=1), {"wait": 1.3}, other(1), other(2), udp(target=FAR, dport=3), other(3), {"wait": 1.3}, other(2), other(3)], rules)


@edge
def looped_back():
    rules = "*filter\n" + "".join(f"-A INPUT {r}\n" for r in ["-m pkttype --pkt-type broadcast", "-m pkttype --pkt-type multicast", "-m pkttype --pkt-type unicast"]) \
        + "-A OUTPUT -m owner --uid-owner 0\n-A OUTPUT -m owner ! --uid-owner 0\n-A OUTPUT -m owner ! --uid-owner 1-5\n-A OUTPUT -m owner --socket-exists\n-A OUTPUT -m owner ! --socket-exists\nCOMMIT\n"
    packets = [own(wire.ipv4(HERE, t, 17, wire.udp(HERE, t, 4000, 53, b"x"), ident=1, ttl=1)) for t in ("224.0.0.1", "10.0.0.1", "10.0.0.9", "127.0.0.1")] + [udp()]
    return scenario(packets, rules, stack="answers", routes=["224.0.0.0/4 dev eth0"])


@edge
def conntrack_expiry():
    rules = "*filter\n" + "".join(f"-A FORWARD -m conntrack --ctexpire {n}\n-A FORWARD -m conntrack ! --ctexpire {n}\n" for n in (0, 28, 29, 30)) + "COMMIT\n"
    return scenario([udp(target=FAR), {"wait": 0.4}, udp(target=FAR), {"wait": 0.9}, udp(target=FAR)], rules)


@edge
def limits_after_a_pause():
    rules = "*filter\n-A FORWARD -p udp -m limit --limit 2/sec --limit-burst 2 -j ACCEPT\n-A FORWARD -p tcp -m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-htable-expire 60000 --hashlimit-name a -j ACCEPT\nCOMMIT\n"
    both = [udp(target=FAR), tcp("S", 1, there=FAR)] * 4
    return scenario(both + [{"wait": 2.6}] + both, rules)


@edge
def routes_by_tos_mark_and_metric():
    rules = "*mangle\n-A OUTPUT -p udp --dport 1 -j TOS --set-tos 0x10\n-A OUTPUT -p udp --dport 2 -j MARK --set-mark 0x5/0x7\n-A OUTPUT -p udp --dport 4 -j MARK --set-xmark 0x3/0x1\nCOMMIT\n"
    routes = ["10.5.0.0/16 via 10.0.0.9 tos 0x10", "10.5.0.0/16 via 10.1.0.9", "10.6.0.0/16 via 10.0.0.9 metric 20", "10.6.0.0/16 via 10.1.0.9 metric 10 src 10.1.0.1", "default via 10.0.0.9 table 100",
              "throw 10.5.0.0/16 table 101", "default via 10.0.0.9 table 101", "10.6.0.0/16 via 10.0.0.9 src 10.1.0.1 table 102"]
    policy = ["fwmark 0x1/0x1 table 100 pref 100", "fwmark 0x2/0x2 table 101 pref 101", "fwmark 0x8 table 102 pref 102", "fwmark 0x8 table 100 pref 102"]
    packets = [own(wire.ipv4("0.0.0.0", t, 17, wire.udp("10.0.0.1", t, 4000, p, b"x"), ident=1, tos=o), m) for t in ("10.5.0.1", "10.6.0.1") for p, o, m in
               ((9, 0, 0), (1, 0, 0), (2, 0, 0), (9, 0x10, 0), (9, 0x30, 0), (9, 0, 1), (9, 0, 2), (4, 0, 2), (4, 0, 1), (9, 0, 8), (2, 0, 7), (2, 0, 9))]
    packets += [wire.ipv4(NEAR, t, 17, wire.udp(NEAR, t, 4000, 9, b"x"), ident=1, tos=o) for t in ("10.5.0.1", "10.6.0.1") for o in (0, 0x10, 0x11, 0x30, 0x50, 0xb0)]
    return scenario(packets, rules, routes=routes, ip_rules=policy)


@edge
def rerouted_to_a_smaller_way():
    rules = "*mangle\n-A OUTPUT -p udp --dport 2 -j MARK --set-mark 5\nCOMMIT\n*filter\nCOMMIT\n"
    packets = [own(wire.ipv4("10.1.0.1", "10.6.0.1", 17, wire.udp("10.1.0.1", "10.6.0.1", 4000, p, b"x" * 1000), ident=1, df=d)) for p in (1, 2) for d in (False, True)]
    return scenario(packets, rules, routes=["10.6.0.0/16 via 10.1.0.9", "default via 10.1.0.9 mtu 600 table 100"], ip_rules=["fwmark 5 table 100"])


def main(edges=EDGES, file="edges", description=__doc__):
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--hookwalk", required=True, help="the simulator's command")
    p.add_argument("--only", default="", help="names, separated by commas; the others stay as they are")
    if edges is EDGES:
        p.add_argument("--family", type=int, choices=(4, 6), default=4, help="6: those of edges6.py, into edges6.jsonl")
    p.add_argument("--out")
    a = p.parse_args()
    if getattr(a, "family", 4) == 6:
        edges, file = edges6.EDGES, "edges6"
    a.out = a.out or os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), f"../../Fixtures/random/{file}.jsonl"))
    wanted = [n for n in a.only.split(",") if n] or list(edges)
    made = cases.settled((dict(edges[n](), seed=n) for n in wanted), a.hookwalk)
    for case in made:
        asked = edges[cases.name(case)]()
        if any(case["scenario"].get(k) != asked.get(k) for k in ("rules", "rules6")):
            print(f"rules were refused and are left out: {cases.name(case)}")
    if os.path.exists(a.out):
        made += [c for c in compact.load(a.out) if cases.name(c) in edges and cases.name(c) not in wanted]
    os.makedirs(os.path.dirname(a.out), exist_ok=True)
    compact.save(made, a.out)
    print(f"{len(made)} of {len(edges)} scenarios, {os.path.getsize(a.out)} bytes: {a.out}")


if __name__ == "__main__":
    main()
