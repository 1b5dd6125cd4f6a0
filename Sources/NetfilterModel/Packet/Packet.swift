// A packet: its bytes from the network header on, and what the kernel's sk_buff carries beside them.

/// The socket that a locally sent packet belongs to, as `-m owner` sees it.
public enum SocketOwner: Hashable, Sendable {
  /// No socket: forwarded and received packets, and most that the kernel itself sends.
  case none
  /// A kernel socket without a file.
  case kernel
  /// A process's socket with the user and group id of its file, and supplementary groups.
  case process(uid: UInt32, gid: UInt32, groups: [UInt32] = [])
}

/// The link-layer class of a received packet (kernel: `PACKET_HOST` and its siblings).
public enum PacketType: UInt8, Hashable, Sendable {
  /// To us.
  case host = 0
  /// To all.
  case broadcast = 1
  /// To a group.
  case multicast = 2
  /// To someone else.
  case otherHost = 3
  /// Looped back by the host itself.
  case loopback = 5
}

/// An IP packet with the values that the kernel carries beside it.
public struct Packet: Hashable, Sendable {
  /// The bytes from the IP header on.
  public var bytes: [UInt8]
  /// The firewall mark (`skb->mark`).
  public var mark: UInt32 = 0
  /// The traffic-control priority (`skb->priority`, set by CLASSIFY).
  public var priority: UInt32 = 0
  /// The socket that sent it.
  public var owner: SocketOwner = .none
  /// Whether the TCP checksum is still to be computed (kernel: `CHECKSUM_PARTIAL`).
  public internal(set) var hasPartialChecksum = false
  /// How the link layer delivered it.
  public var type: PacketType = .host
  /// The Ethernet source address, or nil on an interface without one (tun, loopback).
  public var sourceMAC: [UInt8]?

  /// The interface that the socket names which sends it, or none (kernel: `flowi6_oif`; `sin6_scope_id`).
  public var output = InterfaceName.none

  /// Makes a packet from its bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The family by the version nibble, or nil when it is neither 4 nor 6.
  public var family: AddressFamily? {
    switch IPv4Header.version(in: bytes, at: 0) {
    case 4: .ipv4
    case 6: .ipv6
    default: nil
    }
  }

  /// Parses hexadecimal text (blanks are skipped), or returns nil.
  public init?(hex: some StringProtocol) {
    var bytes: [UInt8] = []
    var half: UInt8?
    for character in hex.utf8 where character != UInt8(ascii: " ") {
      guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
      if let upper = half {
        bytes.append(upper << 4 | UInt8(digit))
        half = nil
      } else {
        half = UInt8(digit)
      }
    }
    guard half == nil else { return nil }
    self.init(bytes: bytes)
  }

  /// The bytes in lower-case hexadecimal.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
