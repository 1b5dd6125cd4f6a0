// 9001: a directive that ignores nothing.

import NetfilterModel

/// 9001: a directive names a finding that is not there; the runner finds it.
enum UnusedDirective: LintCheck {
  static let code = LintCode(
    9001, "unused-directive", .info, "A directive ignores a finding that is not there",
    page: LintPage(
      problematic: LintPage.server(
        "# hookwalk: ignore=4006 answers of an old resolver\n-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT"),
      correct: LintPage.server(
        "# hookwalk: ignore=4006 answers of an old resolver\n-A INPUT -p udp -m udp --sport 53 -j ACCEPT"),
      why: "The rule was corrected, or the directive stands at the wrong line. It would hide a later mistake."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {}
}
