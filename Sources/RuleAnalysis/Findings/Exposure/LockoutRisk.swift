// 6006: those who administer the host cannot reach it.

import NetfilterModel
import Simulator

/// 6006: SSH from a network of administrators is dropped; which networks these are the project says.
enum LockoutRisk: LintCheck {
  static let code = LintCode(
    6006, "lockout-risk", .error, "Those who administer the host cannot open SSH to it", basis: .packet,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        The project says with `admin = NETWORK`, or --admin, from where the host is administered. A connection to
        port 22 from there is dropped: who loads this file from far is locked out.
        """,
      exceptions: "The host is administered over another port or a console; then say no network.",
      administrators: ["192.0.2.0/24"]))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .input) else { return }
    for network in subject.administrators where network.address.family == subject.family {
      guard let answer = answer(network, subject), !answer.isUnknown, let place = answer.denier,
        place.table == .filter
      else { continue }
      let rule = filter.graph.places[place.chain].flatMap { chain in
        filter.rules[chain].indices.contains(place.number - 1) && !place.isEnd
          ? filter.rules[chain][place.number - 1] : nil
      }
      let message = "SSH from \(network) is denied: who administers the host from there is locked out"
      let help = "accept it before: `-A INPUT -s \(network) -p tcp --dport 22 -j ACCEPT`"
      if let rule {
        sink.add(code, at: rule, in: filter, message, help: help, proof: subject.prober.proof(answer))
      } else {
        sink.add(code, atChain: chain, in: filter, message, help: help, proof: subject.prober.proof(answer))
      }
    }
  }

  /// A connection to port 22 from a network; one that gets in by some interface that rules name, if there is one.
  private static func answer(_ network: AddressMatch, _ subject: LintSubject) -> Prober.Answer? {
    let numbers = PacketSet.numbers(network)
    let isOne = numbers.lowest == numbers.highest
    let source = PacketSet.address(isOne ? numbers.lowest : numbers.lowest + 1, subject.family)
    var denied: Prober.Answer?
    if let host = subject.host {
      for interface in host.interfaces where !interface.isLoopback {
        for own in interface.addresses where own.address.family == subject.family {
          let packet = SamplePacket.text(.tcp, source, NeutralValues.clientPort, own.address, 22)
          let answer = subject.prober.walk(["in on \(interface.name) \(packet)"], through: host)
          if answer?.isThrough == true { return nil }
          if denied == nil, answer?.denier != nil { denied = answer }
        }
      }
      return denied
    }
    let neutral = subject.prober.neutral
    for interface in [neutral.interface] + neutral.named.prefix(8) {
      let packet = SamplePacket.text(.tcp, source, NeutralValues.clientPort, neutral.own, 22)
      let answer = subject.prober.walk(["in on \(interface) \(packet) deliver"])
      if answer?.isThrough == true { return nil }
      if denied == nil { denied = answer }
    }
    return denied
  }
}
