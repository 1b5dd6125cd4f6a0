// Looking for a header in the chain of IPv6, as the matches of ip6tables do (kernel: `ipv6_find_hdr`).

extension IPv6Extensions {
  /// What looking for an extension header came to.
  public enum Search: Hashable, Sendable {
    /// The header begins at an offset, in bytes.
    case found(Int)
    /// The packet does not have it, or it lies in another fragment (kernel: `-ENOENT`).
    case absent
    /// A header before it is cut off (kernel: `-EBADMSG`).
    case cutOff
  }

  /// What the extension headers lead to.
  public struct Transport: Hashable, Sendable {
    /// The protocol of the transport header; where it is not known that of the header at which the search ended.
    public var protocolNumber: ProtocolNumber
    /// Where the transport header begins, in bytes, at most the end of the packet.
    public var offset: Int
    /// The offset and flags of the fragment header that was met last; 0 without one.
    public var fragmentation = IPv6Fragmentation(rawValue: 0)
    /// Whether a fragment header was met.
    public var hasFragmentHeader = false
    /// Whether the search came to an end.
    public var isKnown = true
  }

  /// Whether a number stands for an extension header whose end can be found (kernel: `ipv6_ext_hdr`, without "no next
  /// header").
  @inline(__always)
  private static func isExtension(_ number: ProtocolNumber) -> Bool {
    switch number {
    case .ipv6HopByHop, .ipv6Routing, .ipv6Fragment, .ah, .ipv6DestinationOptions: true
    default: false
    }
  }

  /// The length in bytes of the extension header at an offset; nil when what says it is cut off.
  private static func length(_ number: ProtocolNumber, in bytes: [UInt8], at offset: Int) -> Int? {
    let needed: Int
    switch number {
    case .ipv6Routing: needed = IPv6RoutingHeader.minimumLength
    case .ipv6Fragment: needed = IPv6FragmentHeader.lengthToFragmentation
    default: needed = IPv6OptionsHeader.minimumLength
    }
    guard bytes.count &- offset >= needed else { return nil }
    switch number {
    case .ipv6Fragment: return IPv6FragmentHeader.length
    case .ah: return AHHeader.length(in: bytes, at: offset)
    default: return IPv6OptionsHeader.length(in: bytes, at: offset)
    }
  }

  /// Looks for the first extension header of a kind in the packet at `start` (kernel: `ipv6_find_hdr` with a target).
  public static func find(_ target: ProtocolNumber, in bytes: [UInt8], at start: Int) -> Search {
    var next = IPv6Header.nextHeader(in: bytes, at: start)
    var offset = start &+ IPv6Header.length
    // Every header is 8 bytes long at least, so that this ends.
    while true {
      guard isExtension(next) else { return next == target ? .found(offset) : .absent }
      guard let length = length(next, in: bytes, at: offset) else { return .cutOff }
      if next == target { return .found(offset) }
      if next == .ipv6Fragment, IPv6FragmentHeader.fragmentation(in: bytes, at: offset).offset != 0 { return .absent }
      next = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
      offset &+= length
    }
  }

  /// Follows the extension headers of the packet at `start` to the transport header (kernel: `ipv6_find_hdr` with the
  /// target -1, as `ip6_packet_match` calls it).
  public static func transport(in bytes: [UInt8], at start: Int) -> Transport {
    var next = IPv6Header.nextHeader(in: bytes, at: start)
    var offset = start &+ IPv6Header.length
    var fragmentation = IPv6Fragmentation(rawValue: 0)
    var hasFragmentHeader = false
    while isExtension(next) {
      let unknown = Transport(
        protocolNumber: next, offset: bytes.count, fragmentation: IPv6Fragmentation(rawValue: 0), isKnown: false)
      guard let length = length(next, in: bytes, at: offset) else { return unknown }
      let following = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
      if next == .ipv6Fragment {
        fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: offset)
        hasFragmentHeader = true
        if fragmentation.offset != 0, isExtension(following) { return unknown }
      }
      offset &+= length
      next = following
      if fragmentation.offset != 0 { break }
    }
    return Transport(
      protocolNumber: next, offset: min(offset, bytes.count), fragmentation: fragmentation,
      hasFragmentHeader: hasFragmentHeader)
  }

  /// The extension headers that a packet has (kernel: `MASK_HOPOPTS` and its siblings).
  public struct Kinds: OptionSet, Hashable, Sendable {
    /// The bits.
    public var rawValue: UInt8
    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A transport header.
    public static let transport = Kinds(rawValue: 1)
    /// "No next header".
    public static let none = Kinds(rawValue: 2)
    /// ESP.
    public static let esp = Kinds(rawValue: 4)
    /// The authentication header.
    public static let ah = Kinds(rawValue: 8)
    /// The fragment header.
    public static let fragment = Kinds(rawValue: 16)
    /// The routing header.
    public static let routing = Kinds(rawValue: 32)
    /// Destination options.
    public static let destinationOptions = Kinds(rawValue: 64)
    /// Hop-by-hop options.
    public static let hopByHop = Kinds(rawValue: 128)
  }

  /// The kinds of the headers of the packet at `start`; nil where one is cut off (kernel: `ipv6header_mt6`).
  public static func kinds(in bytes: [UInt8], at start: Int) -> Kinds? {
    var next = IPv6Header.nextHeader(in: bytes, at: start)
    var offset = start &+ IPv6Header.length
    var kinds: Kinds = []
    loop: while true {
      switch next {
      case .ipv6NoNextHeader: return kinds.union(.none)
      case .esp, .ipv6HopByHop, .ipv6Routing, .ipv6Fragment, .ah, .ipv6DestinationOptions: break
      default: break loop
      }
      guard bytes.count &- offset >= IPv6OptionsHeader.minimumLength else { return nil }
      let length: Int
      switch next {
      case .esp: return kinds.union(.esp)
      case .ipv6HopByHop: kinds.insert(.hopByHop)
      case .ipv6Routing: kinds.insert(.routing)
      case .ipv6Fragment: kinds.insert(.fragment)
      case .ah: kinds.insert(.ah)
      default: kinds.insert(.destinationOptions)
      }
      switch next {
      case .ipv6Fragment: length = IPv6FragmentHeader.length
      case .ah: length = AHHeader.length(in: bytes, at: offset)
      default: length = IPv6OptionsHeader.length(in: bytes, at: offset)
      }
      next = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
      offset &+= length
      if offset > bytes.count { break }
    }
    // A chain that leads beyond the packet counts as one with a transport header unless it says otherwise.
    return next == .ipv6NoNextHeader || next == .esp ? kinds : kinds.union(.transport)
  }
}
