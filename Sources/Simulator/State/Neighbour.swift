// A neighbour on a link.

import NetfilterModel

/// An address that is reached through an interface without a router (kernel: the key of `struct neighbour`).
struct Neighbour: Hashable, Sendable {
  var address: IPAddress
  var device: InterfaceName
}
