// Making routing headers of IPv6.

extension IPv6RoutingHeader {
  /// The most addresses that fit.
  public static let maximumAddresses = 127

  /// A header of any type with addresses, in the order in which they stand there; at most `maximumAddresses` are taken.
  public static func make(
    nextHeader: ProtocolNumber, type: UInt8, segmentsLeft: UInt8, addresses: [IPAddress]
  ) -> [UInt8] {
    let addresses = addresses.prefix(maximumAddresses)
    var bytes: [UInt8] = [nextHeader.rawValue, UInt8(addresses.count * 2), type, segmentsLeft, 0, 0, 0, 0]
    if type == segmentRouting, !addresses.isEmpty { setLastEntry(UInt8(addresses.count - 1), in: &bytes, at: 0) }
    for address in addresses { bytes += address.bytes }
    return bytes
  }
}
