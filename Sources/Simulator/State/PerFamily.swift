// A value for each address family, found without a search.

import NetfilterModel

/// A value for IPv4 and one for IPv6.
struct PerFamily<Value> {
  var ipv4: Value
  var ipv6: Value

  init(ipv4: Value, ipv6: Value) {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }

  /// Makes both the same.
  init(_ value: Value) {
    ipv4 = value
    ipv6 = value
  }

  subscript(family: AddressFamily) -> Value {
    get { family == .ipv4 ? ipv4 : ipv6 }
    _modify { if family == .ipv4 { yield &ipv4 } else { yield &ipv6 } }
  }
}

extension PerFamily: Sendable where Value: Sendable {}
extension PerFamily: Equatable where Value: Equatable {}
extension PerFamily: Hashable where Value: Hashable {}
