// 5012: rules of a program in a file.

import NetfilterModel

/// 5012: chains that a program makes while it runs are saved in a file; once a file.
enum RuntimeRulesInFile: LintCheck {
  static let code = LintCode(
    5012, "docker-rules-in-file", .info, "Chains that a program makes while it runs are in the file",
    page: LintPage(
      problematic: LintPage.server(
        """
        :f2b-sshd - [0:0]
        -A INPUT -p tcp -m tcp --dport 22 -j f2b-sshd
        -A f2b-sshd -s 198.51.100.66/32 -j REJECT --reject-with icmp-port-unreachable
        -A f2b-sshd -j RETURN
        """
      ),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        Docker, Kubernetes, libvirt, fail2ban and sshguard make their chains anew when they start. Saved in a file
        that is loaded at boot, they come back with addresses of containers and bans that are long gone.
        """,
      exceptions: "A copy of a running host, saved to be looked at."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for chain in view.rules.indices {
        guard let owner = view.owner(chain), owner != .ufw, owner != .firewalld, !view.rules[chain].isEmpty else {
          continue
        }
        sink.add(
          code, atChain: chain, in: view,
          "chain `\(view.name(chain))` is made by \(owner.rawValue) while it runs",
          help: "leave its chains out of files that are loaded at boot")
        return
      }
    }
  }
}
