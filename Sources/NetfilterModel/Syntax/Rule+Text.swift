// The conditions of a rule as they are printed.

extension Rule {
  /// A condition as iptables-save prints it; what a match demands by itself is `-m NAME`.
  public func text(of condition: Condition) -> String {
    switch condition.origin {
    case .header(let option): return SavePrinter.headerText(header, option)
    case .match(let place):
      guard matches.indices.contains(place) else { return condition.option }
      let text = condition.option.isEmpty ? "" : matches[place].optionText(condition.option)
      return text.isEmpty ? "-m \(matches[place].text)" : text
    }
  }
}
