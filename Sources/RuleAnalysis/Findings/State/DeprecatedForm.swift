// 4013: old forms of matches and targets.

import NetfilterModel

/// 4013: matches and targets that are kept for old rule files only; once a file.
enum DeprecatedForm: LintCheck {
  static let code = LintCode(
    4013, "deprecated-form", .style, "An old form of a match or target is used", isOn: false,
    page: LintPage(
      problematic: LintPage.filter("-A INPUT -i lo -j ACCEPT\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT"),
      correct: LintPage.filter(
        "-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"),
      why: "`-m state` and `-j NOTRACK` are kept for old rule files; `-m conntrack` and `-j CT` replaced them."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var first: [String: (RuleView, TableView, String)] = [:]
    var counts: [String: Int] = [:]
    for view in subject.views {
      for rule in view.rules.joined() {
        var specs = rule.rule.matches.compactMap { $0.spec }
        if case .target(let target) = rule.rule.action, let spec = target.spec { specs.append(spec) }
        for spec in specs {
          guard let replacement = spec.replacement else { continue }
          counts[spec.name, default: 0] += 1
          if first[spec.name] == nil { first[spec.name] = (rule, view, replacement) }
        }
      }
    }
    for (name, found) in first.sorted(by: { $0.key < $1.key }) {
      let count = counts[name] ?? 1
      sink.add(
        code, at: found.0, in: found.1, word: name,
        "`\(name)` is an old form" + (count > 1 ? ", used by \(count) rules" : ""), help: "write `\(found.2)`")
    }
  }
}
