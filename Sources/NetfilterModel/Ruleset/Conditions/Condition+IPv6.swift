// Conditions on an extension header of IPv6, which is looked for in the chain of headers.

extension Condition {
  /// The demand that a packet has an extension header, of at least `length` bytes; with `drops` a packet is dropped at
  /// once where the chain or the header is cut off (kernel: `ipv6_find_hdr`, then `skb_header_pointer`).
  static func demand(_ header: ProtocolNumber, length: Int, drops: Bool = true) -> Condition {
    .opaque(
      "",
      OpaqueTest(
        keepsState: false, saw: { packet, _, _ in IPv6Extensions.words(for: header, in: packet.packet.bytes) },
        evaluate: { packet, _, _ in
          let bytes = packet.packet.bytes
          switch IPv6Extensions.find(header, in: bytes, at: 0) {
          case .found(let start): return bytes.count &- start >= length ? .holds : drops ? .drops : .fails
          case .cutOff: return drops ? .drops : .fails
          case .absent: return .fails
          }
        }))
  }

  /// A condition on the fields of an extension header; it fails for a packet without the header, which a demand before
  /// it says.
  static func field(
    _ option: String, of header: ProtocolNumber, saw: @escaping @Sendable ([UInt8], Int) -> String,
    holds: @escaping @Sendable ([UInt8], Int) -> Bool
  ) -> Condition {
    .opaque(
      option,
      OpaqueTest(
        keepsState: false,
        saw: { packet, _, _ in
          let bytes = packet.packet.bytes
          guard case .found(let start) = IPv6Extensions.find(header, in: bytes, at: 0) else {
            return IPv6Extensions.words(for: header, in: bytes)
          }
          return "the packet has " + saw(bytes, start)
        },
        evaluate: { packet, _, _ in
          let bytes = packet.packet.bytes
          guard case .found(let start) = IPv6Extensions.find(header, in: bytes, at: 0) else { return .fails }
          return ConditionResult(holds(bytes, start))
        }))
  }

  /// The demand that an extension header lies within the packet by the length that it names; with `drops` a packet with
  /// another one is dropped at once (kernel: `skb->len - ptr < hdrlen`).
  static func wholeHeader(_ header: ProtocolNumber, drops: Bool = true) -> Condition {
    let length = { @Sendable (bytes: [UInt8], start: Int) in
      header == .ah ? AHHeader.length(in: bytes, at: start) : IPv6OptionsHeader.length(in: bytes, at: start)
    }
    return .opaque(
      "",
      OpaqueTest(
        keepsState: false,
        saw: { packet, _, _ in
          let bytes = packet.packet.bytes
          guard case .found(let start) = IPv6Extensions.find(header, in: bytes, at: 0) else {
            return IPv6Extensions.words(for: header, in: bytes)
          }
          return "the header names \(length(bytes, start)) bytes, and \(bytes.count &- start) are left"
        },
        evaluate: { packet, _, _ in
          let bytes = packet.packet.bytes
          guard case .found(let start) = IPv6Extensions.find(header, in: bytes, at: 0) else { return .fails }
          return bytes.count &- start >= length(bytes, start) ? .holds : drops ? .drops : .fails
        }))
  }
}

extension IPv6Extensions {
  /// What is to be said of a header that a packet may not have, as a half sentence.
  fileprivate static func words(for header: ProtocolNumber, in bytes: [UInt8]) -> String {
    switch find(header, in: bytes, at: 0) {
    case .found(let start): "the header has \(bytes.count &- start) bytes"
    case .absent: "the packet does not have the header"
    case .cutOff: "an extension header is cut off"
    }
  }
}
