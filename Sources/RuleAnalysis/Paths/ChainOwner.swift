// Programs that make chains while they run, by the names of their chains.

/// A program that makes and fills chains while it runs.
enum ChainOwner: String, Sendable {
  case docker = "Docker"
  case kubernetes = "Kubernetes"
  case fail2ban = "fail2ban"
  case sshguard = "sshguard"
  case ufw = "ufw"
  case libvirt = "libvirt"
  case firewalld = "firewalld"

  /// The owner of a chain by its name; nil for a chain that people made.
  init?(chain name: String) {
    let beginnings: [(String, ChainOwner)] = [
      ("DOCKER", .docker), ("KUBE-", .kubernetes), ("cali-", .kubernetes), ("CATTLE_", .kubernetes),
      ("CNI-", .kubernetes), ("FLANNEL-", .kubernetes), ("CILIUM_", .kubernetes), ("f2b-", .fail2ban),
      ("fail2ban-", .fail2ban), ("sshguard", .sshguard), ("ufw", .ufw), ("LIBVIRT_", .libvirt),
    ]
    if let found = beginnings.first(where: { name.hasPrefix($0.0) }) {
      self = found.1
    } else if ChainOwner.isOfZone(name) {
      self = .firewalld
    } else {
      return nil
    }
  }

  /// Whether firewalld would call a chain so: `IN_public_allow`, `INPUT_ZONES`, `FORWARD_direct`.
  private static func isOfZone(_ name: String) -> Bool {
    if ["_ZONES", "_ZONES_SOURCE", "_direct"].contains(where: { name.hasSuffix($0) }) { return true }
    return ["IN_", "FWDI_", "FWDO_", "FWD_", "OUT_", "PRE_", "POST_"].contains { name.hasPrefix($0) }
      && ["_pre", "_log", "_deny", "_allow", "_post"].contains { name.hasSuffix($0) }
  }

  /// Whether the program bans addresses in its chains.
  var bans: Bool { self == .fail2ban || self == .sshguard }
}
