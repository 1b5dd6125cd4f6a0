// Programs that make chains while they run, by the names of their chains.

/// A program that makes and fills chains while it runs.
enum ChainOwner: String, Sendable {
  case docker = "Docker"
  case kubernetes = "Kubernetes"
  case fail2ban = "fail2ban"
  case sshguard = "sshguard"
  case ufw = "ufw"
  case libvirt = "libvirt"

  /// The owner of a chain by its name; nil for a chain that people made.
  init?(chain name: String) {
    let beginnings: [(String, ChainOwner)] = [
      ("DOCKER", .docker), ("KUBE-", .kubernetes), ("cali-", .kubernetes), ("CATTLE_", .kubernetes),
      ("CNI-", .kubernetes), ("FLANNEL-", .kubernetes), ("CILIUM_", .kubernetes), ("f2b-", .fail2ban),
      ("fail2ban-", .fail2ban), ("sshguard", .sshguard), ("ufw", .ufw), ("LIBVIRT_", .libvirt),
    ]
    guard let found = beginnings.first(where: { name.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }

  /// Whether the program bans addresses in its chains.
  var bans: Bool { self == .fail2ban || self == .sshguard }
}
