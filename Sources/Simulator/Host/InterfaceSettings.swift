// The settings of one interface as the kernel combines them with those of `all`, ready for the walk to read.

/// What `net.ipv4.conf.all` and `net.ipv4.conf.<interface>` come to for an interface (kernel: the `IN_DEV_*` macros).
struct InterfaceSettings: Hashable {
  /// `forwarding` of the interface (`IN_DEV_FORWARD`).
  var forwards = false
  /// `rp_filter`, the larger of the two (`IN_DEV_RPFILTER`): 0 off, 1 strict, 2 loose.
  var reversePathFilter = 0
  /// `accept_local`, either.
  var acceptsLocal = false
  /// `route_localnet`, either.
  var routesLocalnet = false
  /// `send_redirects`, either.
  var sendsRedirects = true
  /// `src_valid_mark`, either.
  var validatesSourceWithMark = false
  /// `bc_forwarding` of the interface.
  var forwardsBroadcasts = false
  /// `accept_source_route`, both.
  var acceptsSourceRoutes = false
}
