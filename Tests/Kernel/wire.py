"""Packet bytes without any dependency: checksums, IPv4/IPv6 headers, TCP, UDP, ICMP, and the packets that the far
end of a conversation would answer with. Used by the kernel replay (derived packets) and by the scenario generator."""
import socket
import struct

TCP_FLAGS = "FSRPAUECN"          # bit 0 is FIN; the ninth letter is the bit that RFC 3540 called NS
ICMP, TCP, UDP, ICMPV6, UDPLITE = 1, 6, 17, 58, 136


def checksum(data):
    """The Internet checksum of data."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def address(text):
    """An address as bytes, in network order."""
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def text(raw):
    """An address in bytes as text."""
    return socket.inet_ntop(socket.AF_INET6 if len(raw) == 16 else socket.AF_INET, raw)


def with_transport_checksum(src, dst, proto, segment, offset, zero_is_ffff=False, length=None):
    """segment with the checksum at offset filled in, over the pseudo header of src and dst (bytes) with this length."""
    length = len(segment) if length is None else length
    if len(src) == 4:
        pseudo = src + dst + struct.pack(">BBH", 0, proto, length)
    else:
        pseudo = src + dst + struct.pack(">IHBB", length, 0, 0, proto)
    value = checksum(pseudo + segment[:offset] + b"\0\0" + segment[offset + 2:])
    if zero_is_ffff and value == 0:
        value = 0xffff
    return segment[:offset] + struct.pack(">H", value) + segment[offset + 2:]


def ipv4(src, dst, proto, payload, ttl=64, ident=9, tos=0, df=False, mf=False, offset=0, options=b"", reserved=False,
         total=None, bad_checksum=False, version=4, ihl=None):
    """An IPv4 packet; offset is in bytes."""
    options += b"\0" * (-len(options) % 4)
    length = 20 + len(options) + len(payload) if total is None else total
    field = (0x8000 if reserved else 0) | (0x4000 if df else 0) | (0x2000 if mf else 0) | offset // 8
    head = struct.pack(">BBHHHBBH4s4s", version << 4 | (5 + len(options) // 4 if ihl is None else ihl), tos, length, ident,
                       field, ttl, proto, 0, address(src), address(dst)) + options
    value = checksum(head) ^ (0x1234 if bad_checksum else 0)
    return head[:10] + struct.pack(">H", value) + head[12:] + payload


def ipv6(src, dst, proto, payload, hop_limit=64, traffic_class=0, label=0, extensions=(), length=None, version=6):
    """An IPv6 packet; extensions are (protocol number, bytes whose first byte is the next header)."""
    numbers = [n for n, _ in extensions] + [proto]
    headers = b"".join(bytes([following]) + header[1:] for (_, header), following in zip(extensions, numbers[1:]))
    return struct.pack(">IHBB16s16s", version << 28 | traffic_class << 20 | label, len(headers + payload) if length is None else length, numbers[0], hop_limit,
                       address(src), address(dst)) + headers + payload


def ipv6_transport(raw):
    """(protocol, offset, whether it is a first fragment or no fragment) behind the extension headers of an IPv6 packet."""
    proto, at, first = raw[6], 40, True
    while proto in (0, 43, 44, 51, 60) and at + 8 <= len(raw):
        if proto == 44:
            first = first and not struct.unpack(">H", raw[at + 2:at + 4])[0] & 0xfff8
            size = 8
        else:
            size = (raw[at + 1] + 2) * 4 if proto == 51 else (raw[at + 1] + 1) * 8
        proto, at = raw[at], at + size
        if not first:
            break
    return proto, min(at, len(raw)), first


def tcp(src, dst, sport, dport, flags="S", seq=0, ack=0, window=64240, data=b"", options=b"", urgent=0, bad_checksum=False,
        data_offset=None, reserved=0):
    """A TCP segment; flags is text such as "SA"."""
    options += b"\0" * (-len(options) % 4)
    bits = sum(1 << TCP_FLAGS.index(f) for f in flags)
    head = struct.pack(">HHIIHHHH", sport, dport, seq & 0xffffffff, ack & 0xffffffff,
                       (5 + len(options) // 4 if data_offset is None else data_offset) << 12 | reserved << 9 | bits, window, 0, urgent)
    s = with_transport_checksum(address(src), address(dst), TCP, head + options + data, 16)
    return s[:16] + struct.pack(">H", struct.unpack(">H", s[16:18])[0] ^ 0x1234) + s[18:] if bad_checksum else s


def udp(src, dst, sport, dport, data=b"", bad_checksum=False, no_checksum=False, length=None, proto=UDP, coverage=None):
    """A UDP datagram (or UDP-Lite, whose length field is the checksum coverage)."""
    head = struct.pack(">HHHH", sport, dport, 8 + len(data) if length is None else length, 0)
    if proto == UDPLITE and coverage is not None:
        head = head[:4] + struct.pack(">H", coverage) + head[6:]
    if no_checksum:
        return head + data
    covered = coverage if proto == UDPLITE and coverage and 8 <= coverage <= 8 + len(data) else 8 + len(data)
    s = with_transport_checksum(address(src), address(dst), proto, (head + data)[:covered], 6, True, 8 + len(data)) + (head + data)[covered:]
    return s[:6] + struct.pack(">H", (struct.unpack(">H", s[6:8])[0] ^ 0x1234) or 1) + s[8:] if bad_checksum else s


def icmp(kind, code=0, rest=b"\0\0\0\0", data=b"", bad_checksum=False):
    """An ICMP message; rest is the second word of its header."""
    m = struct.pack(">BBH", kind, code, 0) + rest + data
    value = checksum(m) ^ (0x1234 if bad_checksum else 0)
    return m[:2] + struct.pack(">H", value) + m[4:]


def icmpv6(src, dst, kind, code=0, rest=b"\0\0\0\0", data=b""):
    m = struct.pack(">BBH", kind, code, 0) + rest + data
    return with_transport_checksum(address(src), address(dst), ICMPV6, m, 2)


def derive(step, sent):
    """The packet (bytes) with which the far end answers `sent` (bytes, as it was on the wire), or None.
    step is the scenario's {"reply_to": ...} or {"icmp_error_to": ...}."""
    six = sent[0] >> 4 == 6
    if six:
        source, target = text(sent[8:24]), text(sent[24:40])
        proto, at, first = ipv6_transport(sent)
        body = sent[at:]
    else:
        length = (sent[0] & 15) * 4
        source, target, proto, body = text(sent[12:16]), text(sent[16:20]), sent[9], sent[length:]
        first = struct.unpack(">H", sent[6:8])[0] & 0x1fff == 0
    wrap = (lambda a, b, p, d: ipv6(a, b, p, d)) if six else (lambda a, b, p, d: ipv4(a, b, p, d))
    if "icmp_error_to" in step:
        if six:
            kind = step.get("type6", 3 if step.get("type") == 11 else 1)
            rest = struct.pack(">I", 1280 if kind == 2 else 0)
            return wrap(step["from"], source, ICMPV6, icmpv6(step["from"], source, kind, step["code"], rest, sent[:step.get("quoted", 48)]))
        return wrap(step["from"], source, ICMP, icmp(step["type"], step["code"], data=sent[:28]))
    if not first:
        return None
    if proto == TCP and len(body) >= 20:
        if not body[13] & 2:
            return None
        sport, dport = struct.unpack(">HH", body[:4])
        return wrap(target, source, TCP, tcp(target, source, dport, sport, step["flags"], step["seq"], step["ack"],
                                             data=bytes.fromhex(step.get("data", ""))))
    if proto == UDP and len(body) >= 8:
        sport, dport = struct.unpack(">HH", body[:4])
        return wrap(target, source, UDP, udp(target, source, dport, sport, b"answer"))
    if proto == ICMP and not six and len(body) >= 8 and body[0] == 8:
        return wrap(target, source, ICMP, icmp(0, 0, body[4:8], b"ping"))
    if proto == ICMPV6 and six and len(body) >= 8 and body[0] == 128:
        return wrap(target, source, ICMPV6, icmpv6(target, source, 129, 0, body[4:8], b"ping"))
    return None


def _tcp_line(body):
    if len(body) < 20:
        return f"TCP truncated ({len(body)} bytes)"
    sport, dport, seq, ack, word, window, _, _ = struct.unpack(">HHIIHHHH", body[:20])
    flags = "".join(f for i, f in enumerate(TCP_FLAGS) if word >> i & 1) or "none"
    off = (word >> 12) * 4
    options = f" options {body[20:off].hex()}" if off > 20 else ""
    return f"TCP {sport}>{dport} {flags} seq {seq} ack {ack} win {window}{options} data {max(0, len(body) - off)}"


def describe(raw):
    """One readable line about an IP packet."""
    if len(raw) < 20 or raw[0] >> 4 not in (4, 6):
        return "not IP: " + raw[:24].hex()
    if raw[0] >> 4 == 6:
        return describe_ipv6(raw)
    ihl = (raw[0] & 15) * 4
    total, ident, field = struct.unpack(">HHH", raw[2:8])
    body, proto, offset = raw[ihl:], raw[9], (field & 0x1fff) * 8
    extras = [f"ttl {raw[8]}"] + ([f"tos {raw[1]:#x}"] if raw[1] else []) + (["DF"] if field & 0x4000 else [])
    extras += ["MF"] if field & 0x2000 else []
    extras += [f"offset {offset}"] if offset else []
    extras += [f"id {ident}"] if offset or field & 0x2000 else []
    extras += [f"IP options {raw[20:ihl].hex()}"] if ihl > 20 else []
    extras += [f"total {total} of {len(raw)}"] if total != len(raw) else []
    head = f"{text(raw[12:16])} > {text(raw[16:20])}"
    if offset:
        return f"{head} proto {proto} fragment of {len(body)} bytes [{', '.join(extras)}]"
    return f"{head} {describe_transport(proto, body)} [{', '.join(extras)}]"


def describe_ipv6(raw):
    if len(raw) < 40:
        return "not IPv6: " + raw.hex()
    proto, at, first = ipv6_transport(raw)
    word, length = struct.unpack(">IH", raw[:6])
    extras = [f"hop limit {raw[7]}"] + ([f"class {word >> 20 & 255:#x}"] if word >> 20 & 255 else [])
    extras += [f"payload {length} of {len(raw) - 40}"] if length != len(raw) - 40 else []
    extras += [f"headers from {raw[6]}: {raw[40:at].hex()}"] if at > 40 else []
    what = describe_transport(proto, raw[at:]) if first else f"proto {proto} later fragment of {len(raw) - at} bytes"
    return f"{text(raw[8:24])} > {text(raw[24:40])} {what} [{', '.join(extras)}]"


def describe_transport(proto, body):
    if proto == TCP:
        what = _tcp_line(body)
    elif proto in (UDP, UDPLITE) and len(body) >= 8:
        sport, dport, length = struct.unpack(">HHH", body[:6])
        what = f"{'UDP' if proto == UDP else 'UDPLITE'} {sport}>{dport} length {length} data {body[8:24].hex()}"
    elif proto == ICMP and len(body) >= 8:
        what = f"ICMP type {body[0]} code {body[1]} rest {body[4:8].hex()}"
        if body[0] in (3, 4, 5, 11, 12) and len(body) >= 28:
            what += " about {" + describe(body[8:]) + "}"
    elif proto == ICMPV6 and len(body) >= 8:
        what = f"ICMPv6 type {body[0]} code {body[1]} rest {body[4:8].hex()}"
        if body[0] < 128 and len(body) >= 48:
            what += " about {" + describe(body[8:]) + "}"
    else:
        what = f"proto {proto} payload {len(body)}: {body[:16].hex()}"
    return what
