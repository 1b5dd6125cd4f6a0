"""The packets of a random scenario: conversations and oddities, as the steps of a scenario. One function a kind of
traffic, registered in TRAFFIC with its weight and feature tags.

A step is a dict; a derived step refers to another by the step itself until numbered() puts the index in its place."""
import struct

import wire
from mix import Registry

TRAFFIC = Registry()
TEXTS = [b"GET /index.html HTTP/1.0\r\nHost: example\r\n\r\n", b"hello world", b"SSH-2.0-test\r\n", b"attack at dawn",
         b"USER anonymous\r\n", b"\x00\x01\x02\x03\xff\xfe", b"x", b"", b"", b"abcabcabd" * 6]
TCP_OPTIONS = {"mss": lambda v: b"\x02\x04" + struct.pack(">H", v), "sackok": b"\x04\x02", "wscale": lambda v: b"\x03\x03" + bytes([v]),
               "timestamp": lambda a, b: b"\x08\x0a" + struct.pack(">II", a, b), "nop": b"\x01", "eol": b"\0"}


class Flow:
    """Where a conversation runs: source and destination address, and where the first packet enters (None: the host)."""

    def __init__(self, kind, source, target, enters, answers_at):
        self.kind, self.source, self.target, self.enters, self.answers_at = kind, source, target, enters, answers_at


class Traffic:
    """The steps so far, and what flows must not share: source ports, ICMP identifiers, fragment identifiers."""

    def __init__(self, r, world):
        self.r, self.world, self.steps = r, world, []
        self.sports = r.sample(range(1024, 1064), 20) + r.sample([32768, 40000, 50000, 65535, 20, 500, 1000], 3)
        self.icmp_ids = r.sample(range(1, 60), 20)
        self.next_ident = 100

    def sport(self):
        return self.sports.pop(0)

    def icmp_id(self):
        return self.icmp_ids.pop(0)

    def ident(self):
        self.next_ident += 1
        return self.next_ident

    def flow(self, kind=None):
        r, w = self.r, self.world
        near, own = w.neighbours(), [(a, n) for n, l in w.local.items() for a in l if n != "lo"]
        far = near + 2 * w.far
        kind = kind or r.weighted(forward=6 if len(w.names) > 1 else 1, input=8 if r.wants("input") else 3, local=8 if r.wants("local", "owner") else 2,
                                  self=2 if r.wants("local") else 0.6, hairpin=0.8, bounce=0.5)
        a, at = r.choice(near or own)
        if kind == "forward":
            others = [x for x in far if x[1] != at] or far or own
            b, exit = r.choice(others)
            if r.random() < 0.4 and others is not far:     # from the far side
                a, at, b, exit = b, exit, a, at
            return Flow(kind, a, b, at, exit)
        if kind == "input":
            a, at = r.choice(far or own)
            return Flow(kind, a, r.choice([x for x, n in own if n == at] or [own[0][0]]), at, None)
        if kind == "hairpin":
            return Flow(kind, a, r.choice(own)[0], at, None)
        if kind == "bounce":
            return Flow(kind, a, r.choice([x for x in far if x[1] == at and x[0] != a] or far or own)[0], at, at)
        if kind == "local":
            b, exit = r.choice(far or own)
            return Flow(kind, r.choice([x for x, n in own if n == exit] or [own[0][0]]), b, None, exit)
        b = r.choice(own + [(w.family.loopback, "lo")])[0]
        return Flow("self", b if b == w.family.loopback else r.choice(own)[0], b, None, None)

    def put(self, step):
        if self.r.random() < 0.02:
            step = dict(step, settle=0.0005)
        self.steps.append(step)
        return step

    def send(self, flow, packet, mark=None):
        """packet (bytes) as sent by the flow's source."""
        if flow.enters:
            return self.put({"in": flow.enters, "hex": packet.hex()})
        step = {"local": True, "hex": packet.hex()}
        if mark is None and self.r.chance(0.15, "mark"):
            mark = self.r.choice(self.world.marks)
        if mark:
            step["mark"] = mark
        return self.put(step)

    def send_back(self, flow, packet):
        """packet as sent by the flow's target, without regard for address translation."""
        if flow.answers_at:
            return self.put({"in": flow.answers_at, "hex": packet.hex()})
        return self.put({"local": True, "hex": packet.hex()})

    def ip(self, flow, proto, payload, back=False, **more):
        r = self.r
        more.setdefault("ttl", r.choices([64, 63, 128, 2, 1, 255], [12, 3, 3, 0.5, 0.5, 1])[0])
        more.setdefault("ident", self.ident())
        more.setdefault("tos", r.choices([0, 0x10, 8, 0xb8, 1, 2, 3, 0x28], [14, 1, 1, 1, .4, .4, .4, 1])[0])
        more.setdefault("df", r.random() < 0.3)
        source, target = (flow.target, flow.source) if back else (flow.source, flow.target)
        if self.world.family.number == 6 and "extensions" not in more and r.chance(0.08, "extensions", "ipv6header", "hbh", "dst", "rt", "frag"):
            more["extensions"] = extension_headers(r)
        return self.world.family.packet(source, target, proto, payload, **more)

    def message(self, source, target, kind, code=0, rest=bytes(4), data=b"", **more):
        """An ICMP message of the family."""
        return self.world.family.message(source, target, kind, code, rest, data, **more)

    def ping(self, flow, number=1, ident=None, reply=False, data=b"ping"):
        """An echo request of the flow, or the reply to it."""
        f, ident = self.world.family, self.icmp_id() if ident is None else ident
        ends = (flow.target, flow.source) if reply else (flow.source, flow.target)
        return f.message(*ends, f.echo_reply if reply else f.echo, 0, struct.pack(">HH", ident, number), data)

    def odd_address(self, flow):
        """Sometimes another source or destination than the flow's."""
        r, w = self.r, self.world
        if r.chance(0.5):
            flow.target = r.choice(w.broadcasts + w.family.multicast + w.family.odd_targets + w.nowhere + w.family.far + w.anycasts)
        else:
            flow.source = r.choice(w.own() + w.broadcasts + w.family.odd_sources + [a for a, _ in w.neighbours()] + w.anycasts)
        return flow


def tcp_options(r):
    parts = []
    if r.random() < 0.85:
        parts.append(TCP_OPTIONS["mss"](r.choice([1460, 1460, 1400, 1300, 536, 1380])))
    if r.random() < 0.4:
        parts.append(TCP_OPTIONS["sackok"])
    if r.random() < 0.4:
        parts.append(TCP_OPTIONS["timestamp"](1000, 0))
    if r.random() < 0.5:
        parts.append(TCP_OPTIONS["nop"] * r.choice([0, 1]) + TCP_OPTIONS["wscale"](r.choice([0, 2, 7, 14])))
    if r.random() < 0.1:
        parts.append(r.choice([b"\x13\x12" + bytes(16), b"\xfd\x04\xf9\x89", b"\x1c\x04\x80\x00", b"\x02\x03\x05", b"\x05\x0a" + bytes(8), b"\x01\x01"]))
    return b"".join(parts)[:40] if parts else b""


@TRAFFIC.add("tcp", weight=9, tags={"conntrack", "nat", "state", "snat", "dnat", "masquerade", "redirect", "tcpmss", "conversation"})
def tcp_conversation(t):
    """A TCP connection: handshake, data, an end or an accident."""
    r, w = t.r, t.world
    flow = t.flow()
    sport, dport = t.sport(), r.choice(w.dports)
    c, s = r.choice([1000, 0xfffffff0, 0x7fffffff, 5]), r.choice([5000, 0xffffffff, 70000])
    c0, s0 = c, s
    raw_answers = flow.kind in ("input", "self", "hairpin") and r.random() < 0.6 or r.random() < 0.15
    ecn = r.random() < 0.1

    def client(flags, data=b"", seq=None, ack=None, options=b"", window=None, **more):
        body = wire.tcp(flow.source, flow.target, sport, dport, flags, c if seq is None else seq, (s if "A" in flags else 0) if ack is None else ack,
                        r.choice([64240, 512, 29200]) if window is None else window, data, options, **more)
        return t.send(flow, t.ip(flow, wire.TCP, body))

    def server(flags, data=b"", seq=None, ack=None, options=b""):
        seq, ack = s if seq is None else seq, c if ack is None else ack
        if raw_answers:
            body = wire.tcp(flow.target, flow.source, dport, sport, flags, seq, ack, 64240, data, options)
            return t.send_back(flow, t.ip(flow, wire.TCP, body, back=True))
        step = {"reply_to": syn, "flags": flags, "seq": seq & 0xffffffff, "ack": ack & 0xffffffff}
        if data:
            step["data"] = data.hex()
        return t.put(step)

    syn = client("S" + ("EC" if ecn else ""), options=tcp_options(r), data=b"early" if r.random() < 0.03 else b"")
    c += 1
    shape = r.weighted(full=10, refused=1.5, unanswered=1, error=2, midstream=1, retransmit=1, simultaneous=0.3)
    if shape == "unanswered":
        if r.random() < 0.5:
            t.put(dict(syn))
        return
    if shape == "refused":
        server("RA")
        return
    if shape == "error":
        error_about(t, syn, flow)
        return
    if shape == "midstream":
        client("A")
        client("PA", r.choice(TEXTS))
        return
    if shape == "simultaneous":
        server("S")
        client("SA", seq=c - 1)
        return
    server("SA" + ("E" if ecn else ""), options=tcp_options(r))
    s += 1
    if shape == "retransmit":
        t.put(dict(syn))
        server("SA", seq=s - 1)
    if r.random() < 0.92:
        client("A")
    for _ in range(r.choices([0, 1, 2, 3], [2, 4, 3, 1])[0]):
        what = r.weighted(data=5, answer=4, ack=1, retransmit=1, beyond=1, stale=0.7, badack=0.7, keepalive=0.4, zero=0.3, syn=0.6,
                          odd=0.6, error=1, urgent=0.3, synack=0.3)
        data = r.choice(TEXTS)
        if what == "data":
            client("PA", data)
            c += len(data)
        elif what == "answer":
            server("PA", data)
            s += len(data)
        elif what == "ack":
            (client if r.random() < 0.5 else server)("A")
        elif what == "retransmit":
            client("PA", b"again")
            client("PA", b"again")
            c += 5
        elif what == "beyond":
            (client if r.random() < 0.6 else server)("PA", b"far", seq=r.choice([c, s]) + r.choice([70000, 1000000, 0x80000000]))
        elif what == "stale":
            client("A", seq=c - r.choice([1, 100, 100000, 70000]), ack=s)
        elif what == "badack":
            client("A", ack=s + r.choice([1, 5000, 0x40000000]))
        elif what == "keepalive":
            client("A", seq=c - 1)
        elif what == "zero":
            client("A", window=0)
        elif what == "syn":
            client("S", seq=r.choice([c0, c, c + 5000000]), options=tcp_options(r))
            if r.random() < 0.5:
                server("A")
        elif what == "synack":
            server("SA", seq=s0)
        elif what == "odd":
            client(r.choice(["", "FSRPAU", "SF", "SR", "FPU", "PA", "U", "F"]))
        elif what == "urgent":
            client("PAU", b"now", urgent=3)
            c += 3
        else:
            error_about(t, syn, flow)
    end = r.weighted(none=4, fin=4, reset=2, server_reset=1.5, server_fin=1.5, reset_beyond=0.7, reopen=1)
    if end in ("fin", "reopen"):
        client("FA")
        c += 1
        server("FA")
        s += 1
        client("A")
        if end == "reopen":
            client("S", seq=c + r.choice([1000, 100000, -500]), options=tcp_options(r))
    elif end == "server_fin":
        server("FA")
        s += 1
        client("A")
        if r.random() < 0.5:
            client("FA")
            c += 1
            server("A")
    elif end == "reset":
        client(r.choice(["R", "RA"]))
        if r.random() < 0.4:
            client("PA", b"late")
    elif end == "server_reset":
        server("RA", ack=c)
    elif end == "reset_beyond":
        client("R", seq=c + 3000000)
        client("A")


def error_about(t, step, flow):
    """An ICMP error about what a step put on the wire, or about the step's own packet as it was sent."""
    r, w = t.r, t.world
    kind, code = r.choice(w.family.icmp_errors)
    origin = r.choice([flow.target, flow.target, r.choice(w.family.far), r.choice(w.neighbours() or [(flow.target, "")])[0]])
    if r.random() < 0.8 or "hex" not in step:
        return t.put({"icmp_error_to": step, "type" if w.family.number == 4 else "type6": kind, "code": code, "from": origin})
    head = w.family.header_length
    quoted = bytes.fromhex(step["hex"])[:r.choice([head + 8, head + 8, 200, head + 4, head])]
    message = t.message(origin, flow.source, kind, code, struct.pack(">I", 1400 if (kind, code) in ((3, 4), (2, 0)) else 0), quoted)
    packet = w.family.packet(origin, flow.source, w.family.icmp, message, ident=t.ident())
    return t.put({"in": flow.answers_at or r.choice(w.names), "hex": packet.hex()})


@TRAFFIC.add("udp", weight=6, tags={"conntrack", "nat", "state", "snat", "dnat", "masquerade", "redirect", "conversation"})
def udp_conversation(t):
    """A datagram, perhaps answers, more of both, an ICMP error."""
    r, w = t.r, t.world
    flow = t.flow()
    if flow.kind == "input" and r.chance(0.1, "broadcast"):
        flow.target = r.choice(w.broadcasts + w.family.everybody)
    sport, dport = t.sport(), r.choice(w.dports)
    how = r.choice([{}, {}, {}, {}, {"no_checksum": True}])

    def request():
        body = wire.udp(flow.source, flow.target, sport, dport, r.choice(TEXTS), **how)
        return t.send(flow, t.ip(flow, wire.UDP, body))

    first = request()
    shape = r.weighted(answered=6, alone=1, error=2)
    if shape == "alone":
        if r.random() < 0.5:
            request()
        return
    if shape == "error":
        error_about(t, first, flow)
        return
    for _ in range(r.choices([1, 2, 3], [5, 3, 1])[0]):
        if flow.kind in ("input", "self", "hairpin") and r.random() < 0.6:
            body = wire.udp(flow.target, flow.source, dport, sport, r.choice(TEXTS))
            t.send_back(flow, t.ip(flow, wire.UDP, body, back=True))
        else:
            t.put({"reply_to": first})
        if r.random() < 0.5:
            request()
    if r.random() < 0.2:
        error_about(t, first, flow)


@TRAFFIC.add("icmp", weight=5, tags={"conntrack", "nat", "ping", "state", "conversation"})
def ping(t):
    r = t.r
    flow, ident = t.flow(), t.icmp_id()
    if flow.kind == "input" and r.chance(0.1, "broadcast"):
        flow.target = r.choice(t.world.broadcasts + [t.world.family.odd_targets[0], t.world.family.multicast[0]])
    first = None
    for number in range(r.choices([1, 2, 3], [5, 3, 1])[0]):
        step = t.send(flow, t.ip(flow, t.world.family.icmp, t.ping(flow, number + 1, ident)))
        first = first or step
        what = r.weighted(reply=6, none=1, error=2, raw=1)
        if what == "reply":
            t.put({"reply_to": step})
        elif what == "error":
            error_about(t, first, flow)
        elif what == "raw":
            t.send_back(flow, t.ip(flow, t.world.family.icmp, t.ping(flow, number + 1, ident, reply=True), back=True))


@TRAFFIC.add("icmp-types", weight=1.5, tags={"icmp"})
def other_icmp(t):
    """Queries other than echo, replies that nobody asked for, types and codes that do not exist."""
    r = t.r
    flow, ident = t.flow(), t.icmp_id()
    if t.world.family.number == 6:
        return other_icmpv6(t, flow, ident)
    stamps = [(13, 14)] if t.world.stack == "silent" else []        # the host's own answer would carry its clock
    query, answer = r.choice(stamps + [ (17, 18), (15, 16), (10, 9), (8, 0), (37, 38), (30, 30), (42, 43), (r.choice([0, 1, 2, 7, 19, 40, 44, 255]), r.randrange(256))])
    code = r.choices([0, 0, 0, 1, 5, 255], [5, 5, 5, 1, 1, 1])[0]
    data = b"\0" * 12 if query in (13, 14) else r.choice(TEXTS)
    if r.random() < 0.75:
        t.send(flow, t.ip(flow, wire.ICMP, wire.icmp(query, code, struct.pack(">HH", ident, 1), data)))
    if r.random() < 0.6:
        t.send_back(flow, t.ip(flow, wire.ICMP, wire.icmp(answer, code, struct.pack(">HH", ident, 1), data), back=True))


def other_icmpv6(t, flow, ident):
    """The same of ICMPv6: node information, multicast listeners, neighbour discovery, numbers without a name."""
    r, w = t.r, t.world
    kind, answer = r.choice([(139, 140), (128, 129), (130, 131), (143, 132), (133, 134), (135, 136), (135, 136), (137, 137), (144, 145), (148, 149), (151, 152),
                             (r.choice([5, 99, 127, 141, 160, 200, 255]), r.randrange(256))])
    code = r.choices([0, 0, 0, 1, 5, 255], [5, 5, 5, 1, 1, 1])[0]
    target = wire.address(r.choice(w.own() + [a for a, _ in w.neighbours()]))
    data = {133: b"", 134: bytes(8), 135: target, 136: target, 137: target + target, 130: wire.address("ff02::fb"), 131: wire.address("ff02::fb"),
            132: wire.address("ff02::fb"), 143: b"\x04\0\0\0" + wire.address("ff02::fb")}
    discovery = {130, 131, 132, 133, 134, 135, 136, 137, 143}
    for number, back in ((kind, False), (answer, True)):
        if r.random() > (0.75, 0.6)[back]:
            continue
        one = Flow(flow.kind, flow.source, flow.target, flow.enters, flow.answers_at)
        if number in discovery and r.random() < 0.4:
            one.target, one.source = ("ff02::1", one.target) if back else ("ff02::1:ff00:1", r.choice(["::", one.source, "fe80::99"]))
        ends = (one.target, one.source) if back else (one.source, one.target)
        rest = struct.pack(">HH", ident, 1) if number not in discovery else bytes([0, 0, 0, 1]) if number == 143 else bytes([r.choice([0, 0x60]) if number == 136 else 0, 0, 0, 0])
        message = t.message(*ends, number, code, rest, data.get(number, r.choice(TEXTS)))
        packet = t.ip(one, wire.ICMPV6, message, back=back, **({"ttl": 255} if number in discovery and r.random() < 0.8 else {}))
        t.send_back(one, packet) if back else t.send(one, packet)


@TRAFFIC.add("icmp-error", weight=1.5, tags={"icmp", "related", "conntrack"})
def stray_error(t):
    """An ICMP error about a packet that nobody sent, or with a mangled quotation."""
    r = t.r
    flow = t.flow()
    f = t.world.family
    head = f.header_length
    inner = f.packet(flow.source, flow.target, r.choice([6, 17, f.icmp, 47, 132]), struct.pack(">HHII", t.sport(), r.choice(t.world.dports), 0, 0) + bytes(8), ident=7,
                     **({"extensions": extension_headers(r)} if f.number == 6 and r.random() < 0.2 else {}))
    inner = r.choice([inner, inner, inner[:head], inner[:head + 4], inner[:12], b"", inner[:head + 8], bytes([inner[0] ^ 0x20]) + inner[1:], inner[:6] + b"\0\x20" + inner[8:]])
    kind, code = r.choice(f.icmp_errors)
    message = t.message(flow.target, flow.source, kind, code, bytes(4), inner, bad_checksum=r.random() < 0.1)
    t.send_back(flow, t.ip(flow, f.icmp, message, back=True))


@TRAFFIC.add("odd-tcp", weight=1.5, tags={"tcp", "invalid"})
def odd_tcp(t):
    """Flags that no connection begins with, segments out of the blue."""
    r = t.r
    flow, sport, dport = t.flow(), t.sport(), r.choice(t.world.dports)
    for _ in range(r.choice([1, 1, 2])):
        flags = r.choice(["", "FPU", "FSRPAUEC", "SF", "SR", "F", "A", "R", "RA", "SA", "PA", "FA", "U", "P", "SFA", "SU", "SP", "ECN", "AN", "SN"])
        body = wire.tcp(flow.source, flow.target, sport, r.choice([dport, dport, 0]), flags, 1000, 2000, data=r.choice(TEXTS),
                        options=tcp_options(r) if r.random() < 0.4 else b"", reserved=r.choices([0, 3], [9, 1])[0])
        t.send(flow, t.ip(flow, wire.TCP, body))


@TRAFFIC.add("broken", weight=1.5, tags={"invalid", "checksum", "truncated"})
def broken(t):
    """Bad checksums, truncated transport headers, lengths that lie."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    proto = r.choice([wire.TCP, wire.TCP, wire.UDP, wire.UDP, w.family.icmp])
    what = r.weighted(checksum=4, truncated=4, length=1.5, offset=1.5, ip=1)
    bad = what == "checksum"
    if proto == wire.TCP:
        body = wire.tcp(flow.source, flow.target, sport, dport, r.choice(["S", "A", "PA"]), 1000, 0, data=b"data", bad_checksum=bad,
                        data_offset=r.choice([0, 4, 6, 15]) if what == "offset" else None)
    elif proto == wire.UDP:
        body = wire.udp(flow.source, flow.target, sport, dport, b"data", bad_checksum=bad, length=r.choice([0, 7, 8, 100]) if what == "offset" else None)
    else:
        body = t.message(flow.source, flow.target, w.family.echo, 0, struct.pack(">HH", t.icmp_id(), 1), b"ping", bad_checksum=bad)
    if what == "truncated":
        body = body[:r.choice([0, 1, 2, 3, 4, 7, 8, 12, 13, 14, 19])]
    more = {}
    if what == "length":
        size = 20 + len(body)                    # as of IPv4; IPv6 counts 20 bytes less
        more["total"] = r.choice([size + 4, size - 3, 20, 19, size - len(body) + 4])
    elif what == "ip":
        more.update(r.choice([{"bad_checksum": True}, {"ihl": 4}, {"ihl": 8}, {"reserved": True}]))
    for _ in range(r.choice([1, 1, 2])):
        t.send(flow, t.ip(flow, proto, body, **more))


@TRAFFIC.add("protocols", weight=2, tags={"sctp", "dccp", "udplite", "gre", "esp", "ah", "generic"})
def other_protocols(t):
    """SCTP, DCCP, UDP-Lite, GRE, ESP, AH, IP in IP, and numbers without a name."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    ports = struct.pack(">HH", sport, dport)
    proto = r.choice([132, 132, 33, 136, 136, 47, 47, 50, 51, 2, 4, 41, 89, 108, 112, 103, r.randint(50, 255), 255, 0] + ([135, 135, 43, 44, 60] if w.family.number == 6 else []))
    if proto == 132:
        chunk = r.choice([b"\x01\0\0\x14" + struct.pack(">IIHHI", 77, 65535, 1, 1, 9), b"\x03\0\0\x10" + bytes(12), b"\0\x03\0\x11" + bytes(13),
                          b"\x0e\0\0\x04", b"\x06\0\0\x04", b"\x04\0\0\x04", b"\x0a\0\0\x08" + bytes(4), b"", b"\x01\0\0\x02"])
        tag = 0 if chunk[:1] == b"\x01" else 77
        body = ports + struct.pack(">II", tag, r.choice([0, 0x12345678])) + chunk + b"\0" * (-len(chunk) % 4)
        body = body[:8] + struct.pack("<I", crc32c(body[:8] + bytes(4) + body[12:])) + body[12:] if r.random() < 0.8 else body
    elif proto == 33:
        body = ports + bytes([r.choice([4, 5, 6]), 0, 0, 0]) + bytes([r.choice([0, 1, 2, 7, 12]) << 1 | 1, 0, 0, 5]) + bytes(8)
        body = wire.with_transport_checksum(wire.address(flow.source), wire.address(flow.target), 33, body, 6)
    elif proto == 136:
        body = wire.udp(flow.source, flow.target, sport, dport, r.choice(TEXTS), proto=136, coverage=r.choice([None, 8, 0, 7, 200]), bad_checksum=r.random() < 0.15)
    elif proto == 47:
        body = r.choice([b"\0\0\x08\0" + b"data", b"\x30\x01\x88\x0b\0\x04\0\x05" + bytes(8), b"\x20\0\x08\0\0\0\0\x07data", b"\0\0", b"\x10\0\x08\0" + bytes(4)])
    elif proto == 4:
        body = wire.ipv4("10.9.9.9", "10.9.9.8", 17, wire.udp("10.9.9.9", "10.9.9.8", 5, 6, b"in"))
    elif proto == 41:
        body = wire.ipv6("fd00:9::9", "fd00:9::8", 17, wire.udp("fd00:9::9", "fd00:9::8", 5, 6, b"in"))
    elif proto == 135:
        body = wire.with_transport_checksum(wire.address(flow.source), wire.address(flow.target), 135, r.choice([bytes([59, 1, 5, 0]) + bytes(12), bytes([59, 0, 0, 0]) + bytes(4), bytes([59, 5, 1, 0]) + bytes(4)]), 4)
    else:
        body = r.choice([struct.pack(">II", 0x100, 1) + bytes(16), b"", b"abc", ports + b"payload", bytes([17, 4, 0, 0]) + bytes(20)])
    first = t.send(flow, t.ip(flow, proto, body))
    if r.random() < 0.5:
        swapped = body[2:4] + body[:2] + body[4:] if proto in (132, 33, 136) and len(body) >= 4 else body
        if proto in (33, 136) and r.random() < 0.9 and len(swapped) >= 8:
            swapped = swapped if proto == 136 else wire.with_transport_checksum(wire.address(flow.target), wire.address(flow.source), 33, swapped, 6)
        t.send_back(flow, t.ip(flow, proto, swapped, back=True))
    elif r.random() < 0.4:
        error_about(t, first, flow)
    elif r.random() < 0.5:
        t.send(flow, t.ip(flow, proto, body))


def sctp_packet(flow, sport, dport, tag, chunks, back=False, bad=False):
    ports = struct.pack(">HH", dport, sport) if back else struct.pack(">HH", sport, dport)
    head = ports + struct.pack(">I", tag)
    return head + struct.pack("<I", crc32c(head + bytes(4) + chunks) ^ (0x1234 if bad else 0)) + chunks


def chunk(kind, body=b"", flags=0):
    return struct.pack(">BBH", kind, flags, 4 + len(body)) + body + b"\0" * (-len(body) % 4)


@TRAFFIC.add("sctp", weight=0.8, tags={"conntrack", "protocols"})
def sctp_conversation(t):
    """An SCTP association: four-way handshake, data, heartbeat, an end or an accident."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    theirs, ours = 0x1111, 0x2222                          # verification tags of target and source
    start = struct.pack(">IIHHI", ours, 65535, 1, 1, 9), struct.pack(">IIHHI", theirs, 65535, 1, 1, 90)
    script = [(0, 0, chunk(1, start[0])), (1, ours, chunk(2, start[1])), (0, theirs, chunk(10, b"cookie!!")), (1, ours, chunk(11)),
              (0, theirs, chunk(0, struct.pack(">IHHI", 9, 0, 0, 0) + b"data", 3)), (1, ours, chunk(3, struct.pack(">IIHH", 9, 65535, 0, 0)))]
    end = r.weighted(none=3, shutdown=3, abort=2, heartbeat=1)
    if end == "shutdown":
        script += [(0, theirs, chunk(7, struct.pack(">I", 90))), (1, ours, chunk(8)), (0, theirs, chunk(14))]
    elif end == "abort":
        script.append((r.choice([0, 1]), r.choice([theirs, ours]), chunk(6)))
    elif end == "heartbeat":
        script += [(0, theirs, chunk(4, b"info")), (1, ours, chunk(5, b"info"))]
    script = script[:r.choice([1, 2, 4, 6, 9])]
    if r.random() < 0.15:
        script.pop(r.randrange(len(script)))
    for back, tag, chunks in script:
        tag = tag if r.random() < 0.96 else 0xdead
        body = sctp_packet(flow, sport, dport, tag, chunks, back, r.random() < 0.03)
        packet = t.ip(flow, 132, body, back=bool(back))
        t.send_back(flow, packet) if back else t.send(flow, packet)


@TRAFFIC.add("sctp-collision", weight=0.3, tags={"conntrack", "protocols", "sctp"})
def sctp_collision(t):
    """SCTP whose handshakes get in each other's way: INITs of both ends, again, late, with new tags, and answers that fit or do not."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    tags = [0x1111, 0x2222, 0x3333, 0x4444, 0]
    known = {0: r.choice(tags[:2]), 1: r.choice(tags[1:3])}        # the tag that each end asked for last
    start = lambda kind, tag: chunk(kind, struct.pack(">IIHHI", tag, 65535, 1, 1, 9))
    kinds = r.weighted(handshake=3, tangle=4)
    script = [1, 2, 10, 11] if kinds == "handshake" else [r.weighted(**{"1": 8, "4": 1})]
    script = [int(k) for k in script] + [int(r.weighted(**{"1": 8, "2": 8, "10": 3, "11": 3, "0": 2, "4": 1, "5": 1, "6": 0.5}))
                                         for _ in range(r.randint(2, 8))]
    for place, kind in enumerate(script):
        back = place % 2 if kinds == "handshake" and place < 4 else 0 if place == 0 else r.randint(0, 1)
        if kind in (1, 2) and r.random() < 0.4:
            known[back] = r.choice(tags)
        tag = 0 if kind == 1 else known[1 - back] if r.random() < 0.9 else r.choice(tags)
        chunks = (start(kind, known[back]) if kind in (1, 2) else chunk(kind, b"cookie!!") if kind == 10 else
                  chunk(0, struct.pack(">IHHI", 9, 0, 0, 0) + b"data", 3) if kind == 0 else chunk(kind, b"info" if kind in (4, 5) else b""))
        packet = t.ip(flow, 132, sctp_packet(flow, sport, dport, tag, chunks, back), back=bool(back))
        t.send_back(flow, packet) if back else t.send(flow, packet)


@TRAFFIC.add("dccp", weight=0.3, tags={"conntrack", "protocols"})
def dccp_conversation(t):
    """A DCCP connection: request, response, acknowledgement, data, close or reset."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    number = {0: 100, 1: 500}
    kinds = [(0, 0), (1, 1), (0, 3), (0, 4), (1, 4)] + r.choice([[], [(1, 5), (0, 6), (1, 7)], [(0, 6), (1, 7)], [(0, 7)]])
    for back, kind in kinds[:r.choice([1, 2, 3, 5, 8])]:
        number[back] += 1
        size = 16 + {0: 4, 1: 12, 2: 0, 7: 12}.get(kind, 8)
        head = struct.pack(">HH", *((dport, sport) if back else (sport, dport))) + bytes([size // 4, 0, 0, 0, kind << 1 | 1, 0]) + number[back].to_bytes(6, "big")
        extra = b"" if kind in (0, 2) else number[1 - back].to_bytes(8, "big")
        body = (head + extra + (b"\0\0\0\x05" if kind in (0, 1, 7) else b"") + b"d" * 4 * (kind == 4))
        ends = (flow.target, flow.source) if back else (flow.source, flow.target)
        body = wire.with_transport_checksum(wire.address(ends[0]), wire.address(ends[1]), 33, body, 6)
        packet = t.ip(flow, 33, body, back=bool(back))
        t.send_back(flow, packet) if back else t.send(flow, packet)


@TRAFFIC.add("udplite", weight=0.3, tags={"conntrack", "protocols"})
def udplite_conversation(t):
    """UDP-Lite both ways, the checksum over all or a part."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    for back in r.choice([[0], [0, 1], [0, 1, 0]]):
        ends = (flow.target, flow.source, dport, sport) if back else (flow.source, flow.target, sport, dport)
        body = wire.udp(*ends, r.choice(TEXTS), proto=wire.UDPLITE, coverage=r.choice([None, None, 0, 8, 9]), bad_checksum=r.random() < 0.05)
        packet = t.ip(flow, wire.UDPLITE, body, back=bool(back))
        t.send_back(flow, packet) if back else t.send(flow, packet)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


@TRAFFIC.add("ipoptions", weight=1, tags={"ip-options"})
def ip_options(t):
    """IP options: record route, source route, router alert, security, malformed ones. No timestamps, which are never the same."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    if w.family.number == 6:
        return extensions(t, flow, sport, dport)
    via = wire.address(r.choice([a for a, _ in w.neighbours()] or w.own()))
    options = r.choice([b"\x01\x01\x01\0", b"\x07\x07\x04\0\0\0\0\0", b"\x07\x0b\x04" + bytes(8) + b"\0", b"\x07\x07\x08\x0a\0\0\x01\0", b"\x94\x04\0\0",
                        b"\x94\x04\0\x01", b"\x83\x07\x04" + via + b"\0", b"\x89\x07\x04" + via + b"\0", b"\x82\x0b" + bytes(9) + b"\0", b"\x88\x04\0\x01",
                        b"\x07\x02\0\0", b"\x07\x27\x04" + bytes(36) + b"\0", b"\x86\x04\0\0", b"\x99\x04\0\0", b"\x83\x07\x08" + via + b"\0", b"\x01\x94\x04\0\0\0\0\0",
                        b"\x07\x07\x05\0\0\0\0\0", b"\x44\x08\x09\x70\0\0\0\0"])
    if r.random() < 0.6:
        packet = t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"options"), options=options)
    else:
        packet = t.ip(flow, wire.TCP, wire.tcp(flow.source, flow.target, sport, dport, "S", 1000, options=tcp_options(r)), options=options)
    step = t.send(flow, packet)
    if r.random() < 0.3:
        t.put({"reply_to": step, **({"flags": "SA", "seq": 5, "ack": 1001} if packet[9] == wire.TCP else {})})


def extensions(t, flow, sport, dport):
    """Extension headers before UDP or TCP, or before nothing."""
    r = t.r
    headers = extension_headers(r)
    kind = r.weighted(udp=5, tcp=3, nothing=1, cut=1)
    if kind == "tcp":
        packet = t.ip(flow, wire.TCP, wire.tcp(flow.source, flow.target, sport, dport, "S", 1000, options=tcp_options(r)), extensions=headers)
    elif kind == "nothing":
        packet = t.ip(flow, 59, r.choice([b"", b"rest"]), extensions=headers)
    else:
        packet = t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"options"), extensions=headers)
    if kind == "cut":
        packet = packet[:r.randrange(41, len(packet))]
        packet = packet[:4] + struct.pack(">H", len(packet) - 40) + packet[6:]
    step = t.send(flow, packet)
    if r.random() < 0.3:
        t.put({"reply_to": step, **({"flags": "SA", "seq": 5, "ack": 1001} if kind == "tcp" else {})})


def options_header(r):
    """Hop-by-hop or destination options, right and wrong."""
    return r.choice([b"\0\0\1\4\0\0\0\0", b"\0\0\5\2\0\0\1\0", b"\0\1\1\x0c" + bytes(12), b"\0\0\1\0\1\0\0\0", b"\0\0\x1e\4\0\0\0\0", b"\0\0\x5e\4\0\0\0\0",
                     b"\0\0\x9e\4\0\0\0\0", b"\0\0\xde\4\0\0\0\0", b"\0\0\1\9\0\0\0\0", b"\0\0\xc2\4\0\1\0\0", b"\0\0\0\0\0\0\0\0", b"\0\0\5\2\0\0\0\0",
                     b"\0\0\4\1\0\1\1\0", b"\0\0\1\1\1\1\1\0",
                     b"\0\0\xc2\4\0\0\1\0", b"\0\0\xc2\2\0\1\1\0", b"\0\1\1\0\xc2\4\0\2\0\0\1\4\0\0\0\0", b"\0\1\7\x0c" + bytes(12), b"\0\0\7\4\0\0\0\0",
                     b"\0\0\x31\4\0\0\0\0", b"\0\1\1\0\x31\x0a" + bytes(10), b"\0\0\x26\2\0\0\1\0", b"\0\1\x1e\2\0\0\x1e\2\0\0\x3e\2\0\0\1\0",
                     b"\0\0\x8a\4\0\0\0\0", b"\0\2\xc9\x10" + wire.address("fd00:1::2") + b"\1\2\0\0", b"\0\1\0\0\0\0\0\0\0\1\5" + bytes(5),
                     b"\0\3\5\2\0\0\5\2\0\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\x1e\0\1\4\0\0\0\0"])


def extension_headers(r):
    """One to three extension headers, mostly in the order that the RFC recommends."""
    makers = {0: options_header, 60: options_header,
              43: lambda r: r.choice([b"\0\2\0\0" + bytes(4) + wire.address("fd00:1::2"), b"\0\2\0\1" + bytes(4) + wire.address("fd00:1::2"), b"\0\2\2\1" + bytes(4) + wire.address("fd00:1::1"),
                                      b"\0\2\4\0\0\0\0\0" + wire.address("fd00:1::2"), b"\0\0\5\0\0\0\0\0", b"\0\0\5\1\0\0\0\0", b"\0\2\4\1\0\0\0\0" + wire.address("2001:db8:1::2"),
                                      b"\0\2\3\1\0\0\0\0" + wire.address("2001:db8:1::2"), b"\0\2\3\0\0\0\0\0" + wire.address("2001:db8:1::2"), b"\0\2\2\0" + bytes(4) + wire.address("fd00:1::1"),
                                      b"\0\x28\0\1" + bytes(4) + wire.address("fd00:1::2")]),
              51: lambda r: r.choice([b"\0\4\0\0" + struct.pack(">II", 0x100, 1) + bytes(12), b"\0\1\0\0" + struct.pack(">II", 7, 1)]),
              44: lambda r: struct.pack(">BBHI", 0, 0, 0, r.choice([7, 8, 9]))}
    numbers = r.choice([[0], [60], [0, 60], [43], [60, 43], [51], [44], [0, 43, 60], [60, 44], [0, 51], [60, 60], [60, 0], [44, 60], [0, 60, 43, 44, 60], [0, 60, 43, 44, 51, 60], [43, 43], [60, 43, 60, 60], [44, 44], [0, 44], [43, 44]])
    return [(n, makers[n](r)) for n in numbers]


@TRAFFIC.add("fragments", weight=2, tags={"fragment", "frag"})
def fragments(t):
    """A datagram in fragments: in order, reversed, with a hole, twice, overlapping, or one alone."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    size = r.choice([40, 64, 100, 1800, 3000])
    data = (b"fragmented payload " * 200)[:size]
    proto = r.choice([wire.UDP, wire.UDP, wire.TCP, w.family.icmp, 47])
    if proto == wire.UDP:
        body = wire.udp(flow.source, flow.target, sport, dport, data, no_checksum=r.random() < 0.2)
    elif proto == wire.TCP:
        body = wire.tcp(flow.source, flow.target, sport, dport, r.choice(["S", "PA"]), 1000, 1, data=data, options=tcp_options(r))
    elif proto == w.family.icmp:
        body = t.ping(flow, data=data)
    else:
        body = b"\0\0\x08\0" + data
    piece = r.choice([8, 16, 24, 1480 if size > 1000 else 32]) if size < 1000 else r.choice([800, 1480, 1000])
    cuts = list(range(0, len(body), piece))
    if len(cuts) > 5:
        cuts = cuts[:4]
    ident, df, tos = t.ident(), r.random() < 0.1, r.choice([0, 0, 0, 2, 3, 0x10])
    train = [(at, body[at:end] if end else body[at:], bool(end)) for at, end in zip(cuts, cuts[1:] + [None])]
    if any(len(part) > 1480 for _, part, _ in train):
        train = [(at, part[:1480], mf) for at, part, mf in train]
    order = r.weighted(forward=6, reversed=2, hole=1, alone=2, twice=1, overlap=0.7)
    if order == "reversed":
        train.reverse()
    elif order == "hole":
        train.pop(r.randrange(len(train)))
    elif order == "alone":
        train = [r.choice(train)]
    elif order == "twice":
        train.insert(1, train[0])
    elif order == "overlap" and len(train) > 1:
        at, part, mf = train[1]
        train[1] = (max(0, at - 8), part, mf)
    for at, part, mf in train:
        packet = t.ip(flow, proto, part, ident=ident, df=df, mf=mf, offset=at, tos=tos, ttl=64)
        step = t.send(flow, packet)
    if proto == w.family.icmp and order in ("forward", "reversed") and r.random() < 0.4:
        t.put({"reply_to": step})


@TRAFFIC.add("large", weight=1, tags={"mtu", "pmtu", "df"})
def large(t):
    """Around and beyond the MTU, with and without DF."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    size = r.choice([1472, 1473, 1500, 2000, 572, 1300])
    t.send(flow, t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, (b"0123456789" * 200)[:size]), df=r.random() < 0.6))
    if r.random() < 0.4:
        t.send(flow, t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"small")))


@TRAFFIC.add("ttl-low", weight=1, tags={"ttl"})
def low_ttl(t):
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    t.send(flow, t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"ttl"), ttl=r.choice([0, 1, 1, 2, 255])))


@TRAFFIC.add("odd-addresses", weight=2, tags={"routing", "martian", "broadcast", "multicast", "addrtype"})
def odd_addresses(t):
    """Broadcast, multicast, martian, loopback, zero, unroutable addresses."""
    r, w = t.r, t.world
    for _ in range(r.choice([1, 1, 2])):
        flow = t.odd_address(t.flow())
        sport, dport = t.sport(), r.choice(w.dports)
        if r.random() < 0.6:
            packet = t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"odd"))
        elif r.random() < 0.5:
            packet = t.ip(flow, wire.TCP, wire.tcp(flow.source, flow.target, sport, dport, "S", 1000, options=tcp_options(r)))
        else:
            packet = t.ip(flow, w.family.icmp, t.ping(flow))
        t.send(flow, packet)


@TRAFFIC.add("repeat", weight=1, tags={"limit", "hashlimit", "recent", "statistic", "quota"})
def repeat(t):
    """The same datagram several times, for what counts packets."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(), t.sport(), r.choice(w.dports)
    if r.random() < 0.6:
        body, proto = wire.udp(flow.source, flow.target, sport, dport, b"again"), wire.UDP
    else:
        body, proto = wire.tcp(flow.source, flow.target, sport, dport, "S", 1000, options=tcp_options(r)), wire.TCP
    packet = t.ip(flow, proto, body)
    for _ in range(r.randint(3, 5)):
        t.send(flow, packet, mark=0)


@TRAFFIC.add("wait", weight=0.0, tags={"time"})
def wait(t):
    """A datagram, a pause, the same datagram."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow("forward" if len(t.world.names) > 1 else "input"), t.sport(), r.choice(w.dports)
    packet = t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"later"))
    first = t.send(flow, packet, mark=0)
    t.put({"reply_to": first})
    t.send(flow, packet, mark=0)
    t.put({"wait": r.choice([1.4, 2.4])})
    t.put({"reply_to": first})
    t.send(flow, packet, mark=0)
    t.send(flow, packet, mark=0)


@TRAFFIC.add("expiry", weight=0.0, tags={"fragment", "frag"})
def expiry(t):
    """Fragments whose others do not come in time, and what comes after it."""
    r, w = t.r, t.world
    flow, sport, dport = t.flow(r.choice([None, "input"])), t.sport(), r.choice(w.dports)
    w.sysctls.update({"net.ipv4.ipfrag_time": "1"} if w.family.number == 4 else {"net.ipv6.ip6frag_time": "1", "net.netfilter.nf_conntrack_frag6_timeout": r.choice(["1", "9"])})
    body = wire.udp(flow.source, flow.target, sport, dport, b"in three fragments" * 4)
    parts = [(0, body[:24], True), (24, body[24:48], True), (48, body[48:], False)]
    ident = t.ident()
    for at, part, mf in r.sample(parts, r.choice([1, 2, 2])):
        t.send(flow, t.ip(flow, wire.UDP, part, ident=ident, mf=mf, offset=at, tos=0, ttl=64, df=False), mark=0)
    t.put({"wait": 1.3})
    for at, part, mf in r.choice([parts[:1], parts, parts[1:]]):
        t.send(flow, t.ip(flow, wire.UDP, part, ident=ident, mf=mf, offset=at, tos=0, ttl=64, df=False), mark=0)
    t.send(flow, t.ip(flow, wire.UDP, wire.udp(flow.source, flow.target, sport, dport, b"whole")), mark=0)


def numbered(steps):
    """The steps with indices in place of references; a reference to a step that is gone drops the step."""
    where, out = {}, []
    for step in steps:
        key = next((k for k in ("reply_to", "icmp_error_to") if k in step), None)
        if key:
            target = where.get(id(step[key]))
            if target is None:
                continue
            where[id(step)] = len(out)
            step = dict(step, **{key: target})
        else:
            where[id(step)] = len(out)
        out.append(step)
    return out


def weave(r, a, b):
    """Two lists of steps merged, each in its own order."""
    a, b, out = list(a), list(b), []
    while a or b:
        out.append((a if a and (not b or r.random() < len(a) / (len(a) + len(b))) else b).pop(0))
    return out


def make(r, world, limit=15):
    """The steps of a scenario."""
    t, steps = Traffic(r, world), []
    for _ in range(r.choices([1, 2, 3, 4], [3, 5, 4, 2])[0]):
        if len(steps) >= limit - 3:
            break
        t.steps = []
        r.entry(TRAFFIC, lambda e: e.weight or r.wants(*e.tags)).make(t)
        steps = weave(r, steps, t.steps) if r.random() < 0.3 else steps + t.steps
    return numbered(steps[:limit + 5])
